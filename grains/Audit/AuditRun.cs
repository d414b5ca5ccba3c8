using AgentRuntime.Common;
using AgentRuntime.Events;

namespace AgentRuntime.Audit;

/// <summary>A run of the index in memory: what is stored of it, and what followed and lies in segments alone.</summary>
internal sealed class AuditRun(StoredState<AuditRunState> stored)
{
    private const int PageBytes = AuditRunState.PageHashes * RunEvent.HashBytes;

    private readonly List<(long Number, byte[] Hashes)> _pages = [];

    /// <summary>What is stored.</summary>
    public StoredState<AuditRunState> Stored { get; private set; } = stored;

    /// <summary>The run as it is.</summary>
    public AuditRunState State { get; private set; } = stored.Value;

    /// <summary>Full pages that are not stored yet.</summary>
    public IReadOnlyList<(long Number, byte[] Hashes)> Pages => _pages;

    /// <summary>Whether there is more than is stored.</summary>
    public bool IsDirty => !ReferenceEquals(State, Stored.Value);

    /// <summary>Whether nobody has looked for what is stored, as the run seemed to begin.</summary>
    public bool IsAssumed { get; private set; }

    /// <summary>When it was used last.</summary>
    public long UsedAt { get; set; }

    /// <summary>A run that seems to begin, so that nothing is stored of it.</summary>
    public static AuditRun Begin() => new(new StoredState<AuditRunState>(new AuditRunState(), Etag: null)) { IsAssumed = true };

    public void Apply(AuditChange change)
    {
        var number = State.TailFrom / AuditRunState.PageHashes;
        foreach (var page in change.Pages) _pages.Add((number++, page));
        State = change.After;
    }

    /// <summary>Somebody has looked, and nothing was stored.</summary>
    public void Confirm() => IsAssumed = false;

    /// <summary>All of it is stored.</summary>
    public void Written(StoredState<AuditRunState> stored)
    {
        (Stored, State, IsAssumed) = (stored, stored.Value, false);
        _pages.Clear();
    }

    /// <summary>A page that is not stored yet.</summary>
    public byte[]? FindPage(long number) => _pages.Find(page => page.Number == number).Hashes;

    /// <summary>The hash of a record in a page.</summary>
    public static ReadOnlySpan<byte> HashIn(byte[] page, long seq) => page.Length == PageBytes
        ? page.AsSpan((int)(seq % AuditRunState.PageHashes) * RunEvent.HashBytes, RunEvent.HashBytes)
        : throw new InvalidDataException($"The page of the audit index with record {seq} is missing. Restore the table of grain state to an earlier point in time.");
}
