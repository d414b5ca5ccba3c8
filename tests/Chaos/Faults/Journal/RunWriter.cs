using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Faults.Journal;

/// <summary>One of several who write to the same runs at once, each by what it last saw of them.</summary>
internal sealed class RunWriter(IRunJournal journal, EntryWriter entries, RunSlots slots, Oracle oracle, int seed, int number)
{
    public const int MaxOpenRuns = RunSlots.Count;

    private const int LongRun = 24;
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _dice = new(seed);
    private readonly Dictionary<RunKey, RunHead> _known = [];
    private int _changes;

    public async Task StepAsync()
    {
        var model = slots.At(_dice.Next(RunSlots.Count));
        if ((_dice.Next(2) == 0 ? _known.GetValueOrDefault(model.Key) : null) is not { } head)
        {
            var before = model.There;
            if (await journal.LoadAsync(model.Key, CancellationToken.None) is not { } loaded)
            {
                oracle.Require(before.Count == 0, "journal_lost", $"{model.Key} was started and is not there");
                await StartAsync(model);
                return;
            }

            model.CheckRead(before, loaded.Entries, loaded.SnapshotSeq + 1);
            var last = loaded.Entries.Count > 0 ? loaded.Entries[^1] : (await journal.ReadAsync(model.Key, loaded.SnapshotSeq, 1, int.MaxValue, CancellationToken.None))[0];
            head = _known[model.Key] = RunHead.Of(loaded.Row, last);
        }

        if (head.State == OpenState.Closed) slots.Replace(model);
        else await ChangeAsync(model, head);
    }

    private Task ChangeAsync(RunModel model, RunHead head) => _dice.Next(head.NextSeq > LongRun ? 12 : 20) switch
    {
        0 => AppendAsync(model, head, 1, NewRow(RunStatus.Completed, OpenState.Closed)),
        1 => AppendAsync(model, head, 1, NewRow(RunStatus.WaitingForTimer, OpenState.Waiting, Time.AddDays(_dice.Next(9)))),
        2 => AppendAsync(model, head, 2, NewRow(RunStatus.Running, OpenState.Runnable)),
        3 => TakeOverAsync(model, head),
        4 => AppendAsync(model, head, 1, row: null, hasApproval: true),
        5 => AppendAsync(model, head, 1, row: null, snapshot: new byte[_dice.Next(3000)]),
        6 when _dice.Next(4) == 0 => AppendAsync(model, head, 9, row: null, textBytes: 50_000),
        _ => AppendAsync(model, head, 1 + _dice.Next(3), row: null),
    };

    private async Task StartAsync(RunModel model)
    {
        var hash = new byte[HeaderCodec.HashBytes];
        var made = await MakeAsync(model.Key, 0, 1 + _dice.Next(2), hash, 100);
        var append = new JournalAppend(model.Key, 0, made) { Start = new NewRun("worker", NewOwner(), Time.AddSeconds(number), MaxOpenRuns) };
        await WriteAsync(model, append, new RunHead(made.Count, hash, append.Start.Owner, OpenState.Runnable, 0));
    }

    private async Task AppendAsync(RunModel model, RunHead head, int count, RowChange? row, bool hasApproval = false, byte[]? snapshot = null, int textBytes = 300)
    {
        byte[] hash = [.. head.Hash];
        var made = await MakeAsync(model.Key, head.NextSeq, count, hash, textBytes);
        if (row?.State == OpenState.Closed) row = row with { EndedAt = Time, HeadHash = [.. hash] };
        var append = new JournalAppend(model.Key, head.NextSeq, made) { RunNo = head.RunNo, Row = row, Snapshot = snapshot, Inbox = hasApproval ? [ApprovalOf(model)] : [] };
        var after = head with { NextSeq = head.NextSeq + count, Hash = hash };
        await WriteAsync(model, append, row is null ? after : after with { Owner = row.Owner, State = row.State });
    }

    private async Task WriteAsync(RunModel model, JournalAppend append, RunHead after)
    {
        AppendResult result;
        try
        {
            result = await journal.AppendAsync(append);
        }
        catch (Exception failure) when (Oracle.IsPassing(failure))
        {
            _known.Remove(model.Key);
            model.Doubted(append);
            return;
        }

        if (result is AppendResult.Appended appended)
        {
            model.Appended(append);
            _known[model.Key] = after with { RunNo = appended.RunNo };
            return;
        }

        model.Refused(append);
        _known.Remove(model.Key);
    }

    private async Task TakeOverAsync(RunModel model, RunHead head)
    {
        _known.Remove(model.Key);
        if (await journal.TryChangeRowAsync(model.Key, head.Owner, NewRow(RunStatus.Running, OpenState.Runnable))) model.TakenFrom(head.Owner);
    }

    // Nobody else's, so that no two changes give the run to the same owner.
    private string NewOwner() => $"S127.0.0.1:{number}@{++_changes}";

    private RowChange NewRow(RunStatus status, OpenState state, DateTimeOffset? wakeAt = null) => new(status, state, wakeAt, state == OpenState.Runnable ? NewOwner() : null);

    private async Task<List<JournalEntry>> MakeAsync(RunKey run, long seq, int count, byte[] hash, int textBytes)
    {
        var made = new List<JournalEntry>();
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[textBytes / 2 + _dice.Next(100)];
            _dice.NextBytes(bytes);
            var record = new InputReceived($"request-{number}", "faults", Convert.ToHexStringLower(bytes));
            made.Add(await entries.WriteAsync(new HeaderFields(run, seq + i, "", 0, 0, Time, "faults", default, 0), record, hash));
        }

        return made;
    }

    private static ApprovalView ApprovalOf(RunModel model) => new(
        ApprovalId.Parse($"approval-{model.Key.Run}"), model.Key.Run.Value, "worker", ApprovalKind.Call, model.Approval is null ? ApprovalState.Pending : ApprovalState.Approved,
        1, 0, "pay", RiskLevel.Critical, "contract", "arguments", "policy", "{}", "caller", 1, [], null, Time, Time.AddDays(1));
}
