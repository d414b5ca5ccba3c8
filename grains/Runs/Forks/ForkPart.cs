using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Forks;

/// <summary>Gathers what a fork takes over, record by record.</summary>
internal sealed class ForkPart
{
    private readonly List<RunRecord> _taken = [];
    private readonly HashSet<(int Step, int Call)> _begun = [];
    private RunStarted? _start;
    private Forked? _fork;

    public bool HasBegun => _start is not null;

    /// <summary>Records that are taken over so far.</summary>
    public int Count => _taken.Count;

    /// <summary>Looks at the next record. Returns whether it is taken over.</summary>
    public bool Add(RunRecord record)
    {
        switch (record)
        {
            case RunStarted started:
                _start = started;
                break;
            case Forked forked:
                _fork = forked;
                break;
            case ToolStarted started:
                _begun.Add((started.Step, started.Call));
                break;
            case ToolReturned returned:
                _begun.Remove((returned.Step, returned.Call));
                break;
        }

        if (!ForkPrefix.Takes(record)) return false;
        _taken.Add(record);
        return true;
    }

    /// <summary>The part that ends with the record at <paramref name="atSeq"/>.</summary>
    public ForkPrefix ToPrefix(long atSeq, byte[] headHash)
    {
        // What was begun and given up in an earlier step has an outcome; only the last step can be open, the parent's own open step included.
        var openStep = _begun.Count > 0 ? _begun.Max(static call => call.Step) : 0;
        var inherited = _taken.OfType<ModelReplied>().LastOrDefault()?.Step == _fork?.OpenStep ? _fork?.OpenStep ?? 0 : 0;
        string?[] asked = [_start!.Requester.Identity, _start.OnBehalfOf, .. _fork?.Excluded ?? []];
        return new ForkPrefix(_start, atSeq, headHash, _taken, Math.Max(openStep, inherited), [.. asked.OfType<string>().Distinct(StringComparer.Ordinal)]);
    }
}
