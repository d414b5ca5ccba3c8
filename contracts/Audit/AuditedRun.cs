namespace AgentRuntime.Audit;

/// <summary>Part of the index of one run.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="NextSeq">All records before this seq are in the index.</param>
/// <param name="IsWhole">Whether the last of them ends the run.</param>
/// <param name="Parked">Records after <paramref name="NextSeq"/> that are durable here and wait for those between.</param>
/// <param name="Conflicts">Records that arrived with another hash than the one that is in the index, which stayed.</param>
/// <param name="Hashes">Header hashes of consecutive seqs from the one that was asked for, at most <see cref="IAuditGrain.MaxHashes"/>.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.audit.view")]
public sealed record AuditedRun(
    [property: Id(0)] string Run,
    [property: Id(1)] long NextSeq,
    [property: Id(2)] bool IsWhole,
    [property: Id(3)] int Parked,
    [property: Id(4)] int Conflicts,
    [property: Id(5)] IReadOnlyList<byte[]> Hashes);
