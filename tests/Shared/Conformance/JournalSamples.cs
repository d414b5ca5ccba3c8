using System.Security.Cryptography;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Testing.Conformance;

/// <summary>Appends and approvals for the tests of the stores. Headers are random, as real ones are by their salts.</summary>
internal static class JournalSamples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static int _runs;

    public static RunKey NewRun(string tenant = "acme") =>
        new(TenantId.Parse(tenant), RunId.Parse($"run-{Interlocked.Increment(ref _runs)}"));

    public static JournalEntry Entry(long seq, int sealBytes = 100) =>
        new(seq, RandomNumberGenerator.GetBytes(200), RandomNumberGenerator.GetBytes(sealBytes));

    public static JournalAppend Start(
        RunKey run, int records = 1, string owner = "silo-1", int maxOpenRuns = 1000, RowChange? row = null, string agent = "triage") =>
        new(run, 0, [.. Enumerable.Range(0, records).Select(seq => Entry(seq))])
        {
            Start = new NewRun(agent, owner, Now, maxOpenRuns),
            Row = row,
        };

    public static JournalAppend StartAt(RunKey run, DateTimeOffset time) =>
        Start(run) with { Start = new NewRun("triage", "silo-1", time, 1000) };

    public static JournalAppend Next(RunKey run, long seq, RowChange? row = null, int records = 1) =>
        new(run, seq, [.. Enumerable.Range(0, records).Select(i => Entry(seq + i))]) { Row = row };

    public static RowChange Waiting(DateTimeOffset? wakeAt = null) =>
        new(RunStatus.WaitingForApproval, OpenState.Waiting, wakeAt, Owner: null);

    public static RowChange OwnedBy(string owner) => new(RunStatus.Running, OpenState.Runnable, null, owner);

    public static RowChange Closed(RunStatus status = RunStatus.Completed) => new(status, OpenState.Closed, null, null, Now);

    public static ApprovalView Approval(string id, RunKey run, ApprovalState state = ApprovalState.Pending) => new(
        ApprovalId.Parse(id), run.Run.Value, "refund", ApprovalKind.Call, state, 3, 1, "pay", RiskLevel.Critical,
        "contract-hash", "arguments-hash", "policy-hash", """{"amount":"ü"}""", "iss|service|app", 2, ["iss|person|a"], "because",
        Now, Now.AddDays(1));
}
