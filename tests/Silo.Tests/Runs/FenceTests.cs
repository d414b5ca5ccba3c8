using System.Security.Cryptography;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Somebody else appends to a run while its activation is at work, as a second activation would.</summary>
public sealed class FenceTests(RunHost host)
{
    [Theory]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Append_OfAnotherWriterDuringACall_LosesNoOutcome(string tool)
    {
        TestRun run = null!;
        run = host.Silo.NewRun(Reply.CallingThenDone(tool), async (_, _) =>
        {
            await AppendAsync(run, null, new InputReceived("send-1", "idp|person|other", "from elsewhere"));
            return Result.Ok;
        });
        await run.StartAsync();
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal("from elsewhere", records.OfType<InputReceived>().Single().Text);
        Assert.Single(records.OfType<ToolReturned>());
        Assert.Single(run.Invocations);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Append_OfAnotherWriterDuringAModelCall_LosesNoAnswer()
    {
        TestRun run = null!;
        var asked = 0;
        run = host.Silo.NewRun(async turn =>
        {
            if (++asked == 1) await AppendAsync(run, null, new RunPaused("idp|person|other", "lunch"));
            return Reply.Text("done");
        });
        await run.StartAsync();
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Equal(1, asked);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task LateOutcome_OfAnAtMostOnceCall_ClosesTheQuestionThatAnotherAsked()
    {
        TestRun run = null!;
        run = host.Silo.NewRun(Reply.CallingThenDone(RunCast.Once), async (invocation, _) =>
        {
            var asked = new ApprovalRequested(
                "asked-elsewhere", ApprovalKind.Resolve, 1, 0, RunCast.Once, RiskLevel.Write, invocation.Tool.Hash, "", "", 1, [], TimeProvider.System.GetUtcNow().AddDays(1));
            await AppendAsync(run, new RowChange(RunStatus.WaitingForApproval, OpenState.Waiting, null, Owner: null), asked);
            return Result.Ok;
        });
        await run.StartAsync();
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(ToolOutcomeKind.Success, records.OfType<ToolReturned>().Single().Outcome);
        Assert.Single(run.Invocations);
        Assert.Equal(ApprovalState.Withdrawn, (await run.InboxAsync(ApprovalId.Parse("asked-elsewhere"))).State);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task LateOutcome_OfACallThatAnotherOwnerMakesAgain_IsNotRecorded()
    {
        TestRun run = null!;
        var gate = new TaskCompletionSource();
        run = host.Silo.NewRun(Reply.CallingThenDone(RunCast.Put), async (invocation, _) =>
        {
            if (invocation.Attempt > 1)
            {
                await gate.Task;
                return Result.Json("\"second\"");
            }

            var gone = (await run.RowAsync()).Owner!;
            await AppendAsync(run, new RowChange(RunStatus.Running, OpenState.Runnable, null, "S127.0.0.1:1:1"), new AttemptLost(1, 0, 1, gone, "S127.0.0.1:1:1"));
            return Result.Json("\"first\"");
        });
        await run.StartAsync();
        await Eventually.TrueAsync(() => Task.FromResult(run.Invocations.Count == 2), "the call is made again");
        Assert.Empty((await run.RecordsAsync()).OfType<ToolReturned>());
        gate.SetResult();
        var records = await run.EndAsync();
        Assert.Equal("\"second\"", records.OfType<ToolReturned>().Single().Result);
        Assert.Equal(2, records.OfType<AttemptLost>().Count());
        await run.RequireChainAsync();
    }

    private async Task AppendAsync(TestRun run, RowChange? row, RunRecord record)
    {
        var entries = await run.EntriesAsync();
        var head = SHA256.HashData(entries[^1].Header);
        var fields = new HeaderFields(run.Key, entries.Count, string.Empty, 0, 0, TimeProvider.System.GetUtcNow(), "elsewhere", default, 0);
        var entry = await host.Silo.Get<EntryWriter>().WriteAsync(fields, record, head);
        Assert.IsType<AppendResult.Appended>(await host.Silo.Journal.AppendAsync(new JournalAppend(run.Key, entries.Count, [entry]) { Row = row }));
    }
}
