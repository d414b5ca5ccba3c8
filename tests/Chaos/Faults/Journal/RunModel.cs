using System.Security.Cryptography;
using AgentRuntime.Approvals;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Faults.Journal;

/// <summary>What the writers of one run were told: which records are there, which are not, and of which nobody knows.</summary>
internal sealed class RunModel(RunKey key, Oracle oracle)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, string> _there = [];
    private readonly HashSet<string> _notThere = new(StringComparer.Ordinal);
    private readonly HashSet<string> _doubtful = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leftOwners = new(StringComparer.Ordinal);
    private readonly HashSet<ApprovalState> _doubtfulStates = [];

    public RunKey Key => key;

    /// <summary>That of the approval of which the inbox was told; null for none.</summary>
    public ApprovalState? Approval { get; private set; }

    public bool IsClosed { get; private set; }

    public bool IsStarted
    {
        get
        {
            lock (_gate) return _there.Count > 0;
        }
    }

    public IReadOnlyDictionary<long, string> There
    {
        get
        {
            lock (_gate) return new Dictionary<long, string>(_there);
        }
    }

    public void Appended(JournalAppend append)
    {
        lock (_gate)
        {
            foreach (var entry in append.Entries)
            {
                if (!_there.TryAdd(entry.Seq, HashOf(entry))) oracle.Break("journal_two_winners", $"record {entry.Seq} of {key} was acknowledged to two writers");
            }

            IsClosed |= append.Row?.State == OpenState.Closed;
            if (append.Inbox is [var view]) Approval = view.State;
        }
    }

    public void Refused(JournalAppend append)
    {
        lock (_gate) _notThere.UnionWith(append.Entries.Select(HashOf));
    }

    public void Doubted(JournalAppend append)
    {
        lock (_gate)
        {
            _doubtful.UnionWith(append.Entries.Select(HashOf));
            if (append.Inbox is [var view]) _doubtfulStates.Add(view.State);
        }
    }

    /// <summary>Somebody was told that the run is his now, and was <paramref name="before"/>'s.</summary>
    public void TakenFrom(string? before)
    {
        if (before is null) return;
        lock (_gate) oracle.Require(_leftOwners.Add(before), "journal_two_owners", $"{key} was taken from {before} by two");
    }

    /// <summary>Holds what was read against what was acknowledged before it was read.</summary>
    public void CheckRead(IReadOnlyDictionary<long, string> before, IReadOnlyList<JournalEntry> entries, long firstSeq)
    {
        var next = firstSeq;
        foreach (var entry in entries)
        {
            oracle.Require(entry.Seq == next++, "journal_gap", $"record {entry.Seq} of {key} came where {next - 1} was due");
            var hash = HashOf(entry);
            if (before.TryGetValue(entry.Seq, out var there)) oracle.Require(there == hash, "journal_lost", $"record {entry.Seq} of {key} is another than was acknowledged");
            lock (_gate) oracle.Require(!_notThere.Contains(hash), "journal_refused_is_there", $"record {entry.Seq} of {key} was refused");
        }

        var missing = before.Keys.Where(seq => seq >= next).ToList();
        oracle.Require(missing.Count == 0, "journal_lost", $"{missing.Count} records of {key} from {next} on were acknowledged and are not there");
    }

    public void CheckWhole(RunRow row, IReadOnlyList<JournalEntry> entries)
    {
        CheckRead(There, entries, 0);
        if (RunChain.FindFault(key, entries, row.HeadHash) is { } fault) oracle.Break("journal_chain", $"{key}: {fault}");
        lock (_gate)
        {
            var foreign = entries.Count(entry => _there.GetValueOrDefault(entry.Seq) != HashOf(entry) && !_doubtful.Contains(HashOf(entry)));
            oracle.Require(foreign == 0, "journal_unknown_record", $"{foreign} records of {key} were never written");
        }

        oracle.Require(!IsClosed || row.State == OpenState.Closed, "journal_not_closed", $"{key} was closed and is {row.State}");
    }

    public void CheckApproval(ApprovalState? stored)
    {
        var isRight = stored == Approval || (stored is { } state && _doubtfulStates.Contains(state) && (Approval is not { } known || state > known));
        oracle.Require(isRight, "inbox_wrong", $"the approval of {key} is {stored}, acknowledged was {Approval}");
    }

    public static string HashOf(JournalEntry entry) => Convert.ToHexStringLower(SHA256.HashData(entry.Header));
}
