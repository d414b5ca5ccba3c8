using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentRuntime.Approvals;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs;

/// <summary>What is measured of runs. No tag names a run, an agent or a tenant: there may be any number of them.</summary>
internal sealed class RunInstruments
{
    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _approvalsAsked;
    private readonly Counter<long> _approvalsClosed;
    private readonly Histogram<double> _approvalWait;
    private readonly Histogram<double> _append;

    public RunInstruments(IMeterFactory meters, DrivenRuns driven)
    {
        var meter = meters.Create(RuntimeSource.Name);
        _started = meter.CreateCounter<long>("agentruntime.runs.started", "{run}", "Runs that began on this silo.");
        _ended = meter.CreateCounter<long>("agentruntime.runs.ended", "{run}", "Runs that ended on this silo, by status.");
        _steps = meter.CreateCounter<long>("agentruntime.run.steps", "{step}", "Replies of models that were recorded.");
        _approvalsAsked = meter.CreateCounter<long>("agentruntime.approvals.asked", "{approval}", "Approvals that runs asked for.");
        _approvalsClosed = meter.CreateCounter<long>("agentruntime.approvals.closed", "{approval}", "Approvals that were decided, expired or fell away, by state.");
        _approvalWait = meter.CreateHistogram(
            "agentruntime.approval.wait",
            "s",
            "How long an approval waited until it was closed.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400] });
        _append = meter.CreateHistogram(
            "agentruntime.journal.append.duration",
            "s",
            "How long an append to a run's journal took until it was durable.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5] });
        meter.CreateObservableUpDownCounter("agentruntime.runs.driven", () => driven.Count, "{run}", "Runs whose loop is at work on this silo.");
    }

    /// <summary>Appends, and measures how long it took if anybody wants to know.</summary>
    public ValueTask<AppendResult> AppendAsync(IRunJournal journal, JournalAppend append) =>
        _append.Enabled ? MeasureAsync(journal, append) : journal.AppendAsync(append);

    /// <summary>Counts a run that began, with its row if it was given one: what a fork takes over is not counted again.</summary>
    public void Started(RowChange? row)
    {
        _started.Add(1);
        CountEnd(row);
    }

    /// <summary>Counts what became durable.</summary>
    public void Appended(JournalAppend append, IReadOnlyList<RunRecord> records, DateTimeOffset now)
    {
        for (var i = 0; i < records.Count; i++)
            if (records[i] is ModelReplied) _steps.Add(1);
        CountEnd(append.Row);
        for (var i = 0; i < append.Inbox.Count; i++) Count(append.Inbox[i], now);
    }

    private void CountEnd(RowChange? row)
    {
        if (row is { State: OpenState.Closed }) _ended.Add(1, new KeyValuePair<string, object?>(RuntimeNames.Status, row.Status.ToString()));
    }

    private async ValueTask<AppendResult> MeasureAsync(IRunJournal journal, JournalAppend append)
    {
        var since = Stopwatch.GetTimestamp();
        var outcome = "Failed";
        try
        {
            var result = await journal.AppendAsync(append);
            outcome = result.GetType().Name;
            return result;
        }
        finally
        {
            _append.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>(RuntimeNames.Outcome, outcome));
        }
    }

    private void Count(ApprovalView approval, DateTimeOffset now)
    {
        if (approval.State == ApprovalState.Pending)
        {
            // The first of two people who approve leaves it pending.
            if (approval.ApprovedBy.Count == 0) _approvalsAsked.Add(1);
            return;
        }

        var state = new KeyValuePair<string, object?>(RuntimeNames.Outcome, approval.State.ToString());
        _approvalsClosed.Add(1, state);
        _approvalWait.Record((now - approval.CreatedAt).TotalSeconds, state);
    }
}
