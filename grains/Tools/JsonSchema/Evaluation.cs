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
    private int _steps;
    private int _nesting;

    public Evaluation(List<SchemaError>? errors)
    {
        _errors = errors;
        _path = errors is null ? null : [];
    }

    /// <summary>The document asked for more work than any document may; whatever was concluded does not count.</summary>
    public bool Overrun { get; private set; }

    /// <summary>Whether failures are still being written down.</summary>
    public readonly bool Collecting => _errors is { Count: < SchemaLimits.MaxErrors };

    public bool Enter()
    {
        if (Overrun || ++_steps > SchemaLimits.MaxSteps || _nesting >= SchemaLimits.MaxNesting)
        {
            Overrun = true;
            return false;
        }

        _nesting++;
        return true;
    }

    public void Leave() => _nesting--;

    /// <summary>Counts work inside one subschema, in units of about one subschema each.</summary>
    public void Spend(int steps) => _steps += steps;

    /// <summary>Writes a failure down. Always false, so that a rule can return it.</summary>
    public readonly bool Fail(string keyword, string message)
    {
        _errors!.Add(new SchemaError(Pointer(), keyword, message));
        return false;
    }

    public readonly void Push(object segment) => _path?.Add(segment);

    public readonly void Pop() => _path?.RemoveAt(_path.Count - 1);

    /// <summary>Stops writing down while alternatives are tried; returns what <see cref="Resume"/> takes.</summary>
    public List<SchemaError>? Probe()
    {
        var errors = _errors;
        _errors = null;
        return errors;
    }

    public void Resume(List<SchemaError>? errors) => _errors = errors;

    private readonly string Pointer()
    {
        var text = new StringBuilder();
        foreach (var segment in _path!)
            text.Append('/').Append(segment is string name ? name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) : segment);
        return text.ToString();
    }
}
