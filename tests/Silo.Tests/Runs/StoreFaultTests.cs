using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>What a call or a model answered is kept while the store fails.</summary>
public sealed class StoreFaultTests : FaultyStoreTests
{
    [Theory]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Append_FailsForAWhileAfterACall_KeepsTheOutcomeAndDoesNotCallAgain(string tool)
    {
        var failures = 0;
        Store.BeforeAppend = append => FaultyStore.Has(append, "tool.returned") && ++failures <= 3 ? throw FaultyStore.Full : Task.CompletedTask;
        var run = await Silo.RunAsync(Reply.CallingThenDone(tool));
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Single(run.Invocations);
        Assert.Empty(records.OfType<AttemptLost>());
        Assert.Empty(records.OfType<ApprovalRequested>());
        Assert.Equal(4, failures);
        await run.RequireChainAsync();
    }

    [Theory]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Artifacts_FailForAWhileAfterACall_KeepTheOutcomeAndDoNotCallAgain(string tool)
    {
        var failures = 0;
        Store.BeforePut = () => ++failures <= 3 ? throw FaultyStore.Full : Task.CompletedTask;
        var large = $"\"{new string('x', 200_000)}\"";
        var run = await Silo.RunAsync(Reply.CallingThenDone(tool), (_, _) => new(Result.Json(large)));
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(large, records.OfType<ToolReturned>().Single().Result);
        Assert.Single(run.Invocations);
        Assert.Empty(records.OfType<AttemptLost>());
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Append_FailsAfterAModelAnswered_DoesNotAskItAgain()
    {
        var failures = 0;
        var asked = 0;
        Store.BeforeAppend = append => FaultyStore.Has(append, "model.replied") && ++failures <= 3 ? throw FaultyStore.Full : Task.CompletedTask;
        var run = await Silo.RunAsync(_ =>
        {
            asked++;
            return Task.FromResult(Reply.Text("done"));
        });
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Equal(1, asked);
    }

    // Whatever throws so each time, in the decider or below it: the model would be asked, and paid, for ever.
    [Fact]
    public async Task Append_FaultThatComesBackEachTime_EndsTheRunWithATraceId()
    {
        var asked = 0;
        Store.BeforeAppend = append => FaultyStore.Has(append, "model.replied") ? throw new ArgumentOutOfRangeException(nameof(append)) : Task.CompletedTask;
        var run = await Silo.RunAsync(_ =>
        {
            asked++;
            return Task.FromResult(Reply.Text("done"));
        });

        var failed = Assert.IsType<RunFailed>((await run.EndAsync())[^1]);

        Assert.Equal((ErrorCode.Internal, FaultStreak.MaxEqual), (failed.Code, asked));
        Assert.Matches("trace id [0-9a-f]{32} ", failed.Message);
        Assert.DoesNotContain("append", failed.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, (await run.ViewAsync()).Status);
        await run.RequireChainAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RunCast.Put)]
    [InlineData(RunCast.Once)]
    public async Task Load_FailsWhenACallAnswers_KeepsTheOutcomeAndDoesNotCallAgain(string? tool)
    {
        var called = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var asked = 0;
        var run = await Silo.RunAsync(
            async turn =>
            {
                if (tool is not null) return await Reply.CallingThenDone(tool)(turn);
                asked++;
                called.SetResult();
                await gate.Task.WaitAsync(turn.Cancellation);
                return Reply.Text("done");
            },
            async (_, stop) =>
            {
                called.SetResult();
                await gate.Task.WaitAsync(stop);
                return Result.Ok;
            });
        await called.Task.InTimeAsync();
        var failures = 0;
        var failedAgain = new TaskCompletionSource();
        Store.BeforeAppend = _ => throw FaultyStore.Full;
        Store.BeforeLoad = _ =>
        {
            if (++failures == 3) failedAgain.SetResult();
            throw FaultyStore.Full;
        };
        await Assert.ThrowsAsync<AgentRuntimeException>(() => run.SendAsync("more", "send-1"));
        gate.SetResult();
        await failedAgain.Task.InTimeAsync();
        Store.BeforeAppend = _ => Task.CompletedTask;
        Store.BeforeLoad = _ => Task.CompletedTask;
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(tool is null ? 1 : 0, asked);
        Assert.Equal(tool is null ? 0 : 1, run.Invocations.Count);
        Assert.Empty(records.OfType<AttemptLost>());
        Assert.Empty(records.OfType<ApprovalRequested>());
        await run.RequireChainAsync();
    }
}
