using System.Text;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// The state of one walk over a document. Without a list of errors it stops at the first failure and allocates nothing; with one it
/// keeps the path and goes on until the list is full.
/// </summary>
internal struct Evaluation
{
    private readonly List<object>? _path;
    private List<SchemaError>? _errors;
    private long _steps;
    private int _nesting;

    /// <summary>Begins a walk.</summary>
    /// <param name="marks">Where it is noted what is evaluated; null when no part of the schema asks.</param>
    /// <param name="hasEscapes">Whether there is a backslash in the document.</param>
    /// <param name="errors">Where failures are written down; null when only the answer counts.</param>
    public Evaluation(EvaluatedMarks? marks, bool hasEscapes, List<SchemaError>? errors)
    {
        Marks = marks;
        HasEscapes = hasEscapes;
        _errors = errors;
        _path = errors is null ? null : [];
    }

    /// <summary>What of the open objects and arrays is evaluated; null when no part of the schema asks.</summary>
    public EvaluatedMarks? Marks { get; }

    /// <summary>Whether names and strings may be written with escapes.</summary>
    public bool HasEscapes { get; }

    /// <summary>The document asked for more work than any document may; whatever was concluded does not count.</summary>
    public readonly bool Overrun => _steps > SchemaLimits.MaxSteps;

    /// <summary>
    /// Whether objects are open that are closed by default: so where a failure could turn into a yes, as under "not". Closing may only
    /// refuse more.
    /// </summary>
    public bool LeavesOpen { get; private set; }

    /// <summary>Whether failures are still being written down.</summary>
    public readonly bool Collecting => _errors is { Count: < SchemaLimits.MaxErrors };

    /// <summary>Opens one more subschema; false when too many are open.</summary>
    public bool Enter()
    {
        if (++_nesting <= SchemaLimits.MaxNesting)
            return true;
        _nesting--;
        _steps = long.MaxValue / 2;
        return false;
    }

    public void Leave() => _nesting--;

    /// <summary>Counts work inside one subschema, in units of about one subschema each. False when there was too much.</summary>
    public bool Spend(int steps)
    {
        _steps += steps;
        return _steps <= SchemaLimits.MaxSteps;
    }

    /// <summary>Writes a failure down. Always false, so that a rule can return it.</summary>
    public readonly bool Fail(string keyword, string message)
    {
        _errors!.Add(new SchemaError(Pointer(), keyword, message));
        return false;
    }

    public readonly void Push(object segment) => _path?.Add(segment);

    public readonly void Pop() => _path?.RemoveAt(_path.Count - 1);

    /// <summary>Stops writing down while alternatives are tried; returns what <see cref="Resume"/> takes.</summary>
    public Probing Probe(bool leaveOpen)
    {
        var before = new Probing(_errors, LeavesOpen);
        _errors = null;
        LeavesOpen |= leaveOpen;
        return before;
    }

    public void Resume(Probing before)
    {
        _errors = before.Errors;
        LeavesOpen = before.LeavesOpen;
    }

    private readonly string Pointer()
    {
        var text = new StringBuilder();
        foreach (var segment in _path!)
            text.Append('/').Append(segment is string name ? SchemaPointer.Escape(name) : segment);
        return text.ToString();
    }

    /// <summary>What a probe put aside.</summary>
    internal readonly record struct Probing(List<SchemaError>? Errors, bool LeavesOpen);
}
