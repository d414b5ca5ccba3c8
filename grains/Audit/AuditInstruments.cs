using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Audit;

/// <summary>What is measured of audit indexes.</summary>
internal sealed class AuditInstruments
{
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _left;

    public AuditInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(RuntimeSource.Name);
        _conflicts = meter.CreateCounter<long>("agentruntime.audit.conflicts", "{record}", "Records that arrived with another header than the one that is indexed. There should never be one. Some count again when the index is read anew.");
        _left = meter.CreateCounter<long>("agentruntime.audit.left", "{record}", "Records that arrived too early for the room there is; they come again.");
    }

    public void Conflicting(int records) => _conflicts.Add(records);

    public void Left(int records)
    {
        if (records > 0) _left.Add(records);
    }
}
