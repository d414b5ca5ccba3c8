using System.Collections;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Runs.Driving;

/// <summary>What every line of a log that is written while a run is driven says besides: whose run, of which agent, in which trace. Read when a line is written.</summary>
internal sealed class RunScope(RunSession session) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string TraceId = "trace_id";

    public int Count => session.State is null ? 2 : 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new(RuntimeNames.Tenant, session.Key.Tenant.Value),
        1 => new(RuntimeNames.Run, session.Key.Run.Value),
        2 => new(GenAiNames.AgentName, session.State?.Start.Agent),
        3 => new(TraceId, session.State?.TraceId.ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', this.Select(pair => $"{pair.Key}:{pair.Value}"));
}
