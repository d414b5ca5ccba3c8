using AgentRuntime.Events;

namespace AgentRuntime.Audit;

/// <summary>What is kept of a run: the hashes since the last full page, and what waits for records between.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.audit.run")]
internal sealed record AuditRunState
{
    /// <summary>Hashes of one page. A run of ten steps fits into one state; of a longer one so much is written anew each time.</summary>
    public const int PageHashes = 64;

    /// <summary>All before it are indexed.</summary>
    [Id(0)]
    public long Next { get; init; }

    /// <summary>Whether the last of them ends the run.</summary>
    [Id(1)]
    public bool IsWhole { get; init; }

    /// <summary>Hashes of the seqs from <see cref="TailFrom"/> to <see cref="Next"/>.</summary>
    [Id(2)]
    public byte[] Tail { get; init; } = [];

    /// <summary>Later ones, by seq.</summary>
    [Id(3)]
    public SeenRecord[] Parked { get; init; } = [];

    /// <summary>Records that came with another hash.</summary>
    [Id(4)]
    public int Conflicts { get; init; }

    /// <summary>The first segment that is not in it.</summary>
    [Id(5)]
    public long NextSegment { get; init; }

    /// <summary>The first seq that is not in a full page.</summary>
    public long TailFrom => Next - (Tail.Length / RunEvent.HashBytes);

    /// <summary>The hash of a seq of the tail.</summary>
    public ReadOnlySpan<byte> HashOf(long seq) => Tail.AsSpan((int)(seq - TailFrom) * RunEvent.HashBytes, RunEvent.HashBytes);
}
