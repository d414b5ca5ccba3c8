using System.Diagnostics;
using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Driving;

/// <summary>
/// One activation's hold on a run's journal: loads and folds it, and is the only place that assigns seqs and appends.
/// After a fenced or failed append its state is stale; <see cref="ReloadAsync"/> folds again.
/// </summary>
internal sealed class RunSession(JournalAccess access, AgentDirectory agents, RunInstruments instruments, RunKey key, string owner)
{
    /// <summary>Records between two snapshots, at least.</summary>
    public const int SnapshotInterval = 512;

    private long _runNo;
    private long _snapshotSeq = -1;
    private RunRow? _pruned;

    public RunKey Key => key;

    /// <summary>Who works on the run.</summary>
    public RunTenure Tenure { get; } = new(access, key, owner);

    /// <summary>An append was not taken or a reload did not come through: what is folded is not what is durable.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Whether anything was appended but that an attempt was lost.</summary>
    public bool HasProgressed { get; private set; }

    /// <summary>The folded state; null when the run does not exist or was not loaded.</summary>
    public RunState? State { get; private set; }

    /// <summary>The definition that the run is pinned to.</summary>
    public AgentDefinition? Definition { get; private set; }

    /// <summary>Wall time in the grain of the journal, so that a state is the same before and after a reload.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = access.Time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }

    public LoopInput LoopInput => new(Now, access.LiveOwners.Current);

    /// <summary>Appends the first records. <see cref="AppendResult.Fenced"/>: the run exists.</summary>
    public async Task<AppendResult> StartAsync(RunBeginning beginning, AgentDefinition definition, int maxOpenRuns)
    {
        var (start, rest) = beginning;
        var state = new RunState(key)
        {
            Trace = TraceContext.Read(start.TraceParent, Activity.Current?.TraceId ?? default),
            Window = new ConversationWindow(definition.Instructions, start, definition.Context),
        };
        var now = Now;
        var entries = new JournalEntry[1 + rest.Count];
        for (var seq = 0; seq < entries.Length; seq++)
        {
            var record = seq == 0 ? start : rest[seq - 1];
            var actor = beginning.IsTakenOver(seq) ? Actors.Runtime : start.Requester.Identity;
            entries[seq] = await access.Writer.WriteAsync(Fields(state, seq, now, actor), record, state.HeadHash, definition.DataClasses);
            RunFold.Apply(state, record, seq, now);
        }

        // A fork may begin with its end.
        var end = state.IsTerminal ? RunTenure.ClosedBy(state) : null;
        var result = await instruments.AppendAsync(access.Journal, new JournalAppend(key, 0, entries)
        {
            Start = new NewRun(start.Agent, owner, now, maxOpenRuns) { DataClasses = definition.DataClasses },
            Row = end,
        });
        if (result is not AppendResult.Appended appended) return result;
        (Definition, State, _runNo) = (definition, state, appended.RunNo);
        Tenure.Written(end ?? RunTenure.HeldBy(owner));
        instruments.Started(end);
        access.Signals.Appended(key, State!.IsTerminal);
        return result;
    }

    /// <summary>Appends records. False: fenced. After false or an exception the state is stale.</summary>
    /// <param name="records">The records.</param>
    /// <param name="actor">Who caused them.</param>
    /// <param name="flight">Whether something is in flight, so that what comes next is not decided yet.</param>
    /// <exception cref="AgentRuntimeException">The store cannot write; nothing was written.</exception>
    public async Task<bool> AppendAsync(IReadOnlyList<RunRecord> records, string actor, Flight flight)
    {
        var append = await PrepareAsync(records, actor, flight);
        return Take(append, records, await instruments.AppendAsync(access.Journal, append));
    }

    /// <summary>As <see cref="AppendAsync"/>, but tries the same bytes again while the store cannot write: what they record has happened.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; the state is stale.</exception>
    /// <param name="records">The records.</param>
    /// <param name="actor">Who caused them.</param>
    /// <param name="stalled">Waits before the next try.</param>
    public async Task<bool> AppendPatientlyAsync(IReadOnlyList<RunRecord> records, string actor, StoreStall stalled)
    {
        var append = await PrepareAsync(records, actor, Flight.None, stalled);
        try
        {
            return Take(append, records, await instruments.AppendAsync(access.Journal, append));
        }
        catch (AgentRuntimeException failure) when (failure.IsTransient)
        {
            return Take(append, records, await InsistAsync(append, stalled, failure));
        }
    }

    // Apart, so that nothing is allocated for it by the many appends that need no second try.
    private Task<AppendResult> InsistAsync(JournalAppend append, StoreStall stalled, AgentRuntimeException failure) =>
        stalled.InsistAsync(() => instruments.AppendAsync(access.Journal, append), failure);

    private async ValueTask<JournalAppend> PrepareAsync(IReadOnlyList<RunRecord> records, string actor, Flight flight, StoreStall? stalled = null)
    {
        IsStale = true;
        var state = State!;
        var now = Now;
        var expectedSeq = state.LastSeq + 1;
        if (records[0] is not AttemptLost && Tenure.FindLost(state, LoopInput) is { } lost) records = [lost, .. records];
        var entries = new JournalEntry[records.Count];
        Dictionary<ApprovalId, ApprovalView>? inbox = null;
        for (var i = 0; i < entries.Length; i++)
        {
            var by = records[i] is AttemptLost ? Actors.Runtime : actor;
            var fields = Fields(state, expectedSeq + i, now, by);
            entries[i] = await WriteAsync(fields, records[i], state.HeadHash, stalled);
            foreach (var view in ApprovalViews.Changes(state, records[i], now)) (inbox ??= [])[view.Approval] = view;
            RunFold.Apply(state, records[i], expectedSeq + i, now);
        }

        return new JournalAppend(key, expectedSeq, entries)
        {
            RunNo = _runNo, Row = Tenure.NextRow(state, flight, LoopInput), Inbox = inbox is null ? [] : [.. inbox.Values], Snapshot = TakeSnapshot(state),
        };
    }

    // A payload that is an artifact needs room as well; the chain moves on only when it is stored.
    private async ValueTask<JournalEntry> WriteAsync(HeaderFields fields, RunRecord record, byte[] headHash, StoreStall? stalled)
    {
        try
        {
            return await access.Writer.WriteAsync(fields, record, headHash, Definition?.DataClasses);
        }
        catch (AgentRuntimeException failure) when (failure.IsTransient && stalled is not null)
        {
            return await InsistAsync(fields, record, headHash, stalled, failure);
        }
    }

    private Task<JournalEntry> InsistAsync(HeaderFields fields, RunRecord record, byte[] headHash, StoreStall stalled, AgentRuntimeException failure) =>
        stalled.InsistAsync(() => access.Writer.WriteAsync(fields, record, headHash, Definition?.DataClasses), failure);

    private bool Take(JournalAppend append, IReadOnlyList<RunRecord> records, AppendResult result)
    {
        if (result is not AppendResult.Appended) return false;
        IsStale = false;
        HasProgressed |= records is not [AttemptLost];
        if (append.Snapshot is not null) _snapshotSeq = State!.LastSeq;
        if (append.Row is { } row) Tenure.Written(row);
        Observe(append, records);
        access.Signals.Appended(key, State!.IsTerminal);
        return true;
    }

    private void Observe(JournalAppend append, IReadOnlyList<RunRecord> records)
    {
        var now = Now;
        instruments.Appended(append, records, now);
        foreach (var approval in append.Inbox) RunSpans.Waited(State!, approval, now);
    }

    /// <summary>Reads and folds the journal. False when the run does not exist, or nothing but its headers does.</summary>
    /// <param name="cancellation">The caller's for whom it is read. A run that was not known before stays unknown.</param>
    public async Task<bool> ReloadAsync(CancellationToken cancellation = default)
    {
        var isUnknown = !IsStale && State is null;
        IsStale = true;
        State = null;
        try
        {
            return await LoadAsync(cancellation);
        }
        catch (OperationCanceledException) when (isUnknown)
        {
            State = null;
            IsStale = false;
            throw;
        }
    }

    private async Task<bool> LoadAsync(CancellationToken cancellation)
    {
        var loaded = await access.Journal.LoadAsync(key, cancellation);
        if (loaded is null or { Row.IsPruned: true })
        {
            _pruned = loaded?.Row;
            IsStale = false;
            return false;
        }

        State = await RunLoader.LoadAsync(access, agents, loaded, definition => Definition = definition, cancellation);
        (_runNo, _snapshotSeq) = (loaded.Row.RunNo, loaded.SnapshotSeq);
        Tenure.Read(loaded.Row);
        IsStale = false;
        return true;
    }

    /// <summary>How a run ended whose content is gone since; null when it was not loaded or is all there.</summary>
    public RunStatus? PrunedStatus => _pruned?.Status;

    /// <summary>Says what became of a run that was there once.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the run's retention has ended.</exception>
    public void RequireNotPruned() => _pruned?.RequireNotPruned();

    /// <summary>As <see cref="ReloadAsync"/>, but tries again while the store cannot read: somebody holds what is still to be recorded.</summary>
    /// <param name="stalled">Waits before the next try.</param>
    public Task ReloadPatientlyAsync(StoreStall stalled) => stalled.InsistAsync(() => new ValueTask<bool>(ReloadAsync()));

    private byte[]? TakeSnapshot(RunState state) =>
        state.LastSeq - _snapshotSeq >= SnapshotInterval && RunSnapshot.CanTake(state) ? RunSnapshot.Encode(state) : null;

    private static HeaderFields Fields(RunState state, long seq, DateTimeOffset now, string actor) =>
        new(state.Key, seq, string.Empty, 0, 0, now, actor, state.TraceId, 0);
}
