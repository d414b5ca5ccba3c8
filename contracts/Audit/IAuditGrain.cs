using AgentRuntime.Events;

namespace AgentRuntime.Audit;

/// <summary>
/// A tenant's index of all records of its runs: run, seq, header hash, each once and without gaps. What it says is durable. Key:
/// <see cref="AuditGrainKey"/>.
/// </summary>
[Alias("agentruntime.audit")]
public interface IAuditGrain : IRunEventLog
{
    /// <summary>The most hashes of one <see cref="AuditedRun"/>.</summary>
    const int MaxHashes = 1024;

    /// <summary>What is known of a run, or null when nothing is.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="fromSeq">The seq of the first hash that is wanted.</param>
    [Alias("read")]
    Task<AuditedRun?> ReadAsync(string run, long fromSeq);
}
