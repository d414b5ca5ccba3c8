using AgentRuntime.Agents;
using AgentRuntime.Runs.Records;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class LimitTests(RunHost host)
{
    [Fact]
    public async Task MaxSteps_ModelCallsForever_EndsTheRun()
    {
        var records = await EndAsync("maxSteps", new RunLimits { MaxSteps = 5 }, Forever);
        Assert.Equal(5, records.OfType<ModelReplied>().Count());
    }

    [Fact]
    public async Task MaxToolCalls_OneMore_EndsTheRunAndIsNotMade()
    {
        var records = await EndAsync("maxToolCalls", new RunLimits { MaxToolCalls = 3 }, Forever);
        Assert.Equal(3, records.OfType<ToolReturned>().Count());
    }

    [Fact]
    public async Task MaxFanOut_OneMore_EndsTheRunAndNoneIsMade()
    {
        var records = await EndAsync(
            "maxFanOut",
            new RunLimits { MaxFanOut = 3 },
            turn => Task.FromResult(turn.Step == 1 ? Reply.Calls([.. Enumerable.Repeat((RunCast.Look, (object?)null), 3)]) : Reply.Calls([.. Enumerable.Repeat((RunCast.Look, (object?)null), 4)])));
        Assert.Equal(3, records.OfType<ToolReturned>().Count());
    }

    [Fact]
    public Task MaxTokens_Beyond_EndsTheRun() => EndAsync("maxTokens", new RunLimits { MaxTokens = 100 }, turn =>
    {
        var reply = Reply.Call(RunCast.Look);
        reply.Usage = new UsageDetails { InputTokenCount = 30, OutputTokenCount = 10 };
        return Task.FromResult(reply);
    });

    [Fact]
    public async Task MaxWallSeconds_RunWaits_EndsIt()
    {
        var records = await EndAsync("maxWallSeconds", new RunLimits { MaxWallSeconds = 1 }, Reply.CallingThenDone(RunCast.Pay));
        Assert.Single(records.OfType<ApprovalRequested>());
    }

    [Fact]
    public async Task MaxPayloadBytes_ReplyTooLarge_EndsTheRunAndIsNotKept()
    {
        var records = await EndAsync(
            "maxPayloadBytes", new RunLimits { MaxPayloadBytes = 10_000 }, _ => Task.FromResult(Reply.Text(new string('x', 10_001))));
        Assert.Empty(records.OfType<ModelReplied>());
    }

    [Fact]
    public async Task MaxPayloadBytes_ResultTooLarge_IsToldToTheModelByName()
    {
        var agent = await host.Silo.AddAgentAsync(new RunLimits { MaxPayloadBytes = 10_000 });
        IReadOnlyList<string>? seen = null;
        var run = await host.Silo.RunAsync(
            turn =>
            {
                seen = turn.Results;
                return Reply.CallingThenDone(RunCast.Look)(turn);
            },
            (_, _) => new(Result.Json($"\"{new string('ü', 6_000)}\"")),
            agent);
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(ToolOutcomeKind.Error, records.OfType<ToolReturned>().Single().Outcome);
        Assert.Contains("maxPayloadBytes", Assert.Single(seen!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxRetriesPerRun_ToolFailsInEveryStep_EndsTheRun()
    {
        var agent = await host.Silo.AddAgentAsync(new RunLimits { MaxRetriesPerRun = 2, MaxAttemptsPerCall = 2 });
        var run = await host.Silo.RunAsync(Forever, (_, _) => new(Result.Busy()), agent);
        await RequireAsync(run, "maxRetriesPerRun");
    }

    private static Task<ChatResponse> Forever(ModelTurn turn) => Task.FromResult(Reply.Call(RunCast.Look));

    private async Task<IReadOnlyList<RunRecord>> EndAsync(string limit, RunLimits limits, Func<ModelTurn, Task<ChatResponse>> model) =>
        await RequireAsync(await host.Silo.RunAsync(model, agent: await host.Silo.AddAgentAsync(limits)), limit);

    private static async Task<IReadOnlyList<RunRecord>> RequireAsync(TestRun run, string limit)
    {
        var records = await run.EndAsync();
        Assert.Equal(limit, Assert.IsType<LimitReached>(records[^2]).Limit);
        var failed = Assert.IsType<RunFailed>(records[^1]);
        Assert.Equal(ErrorCode.LimitExceeded, failed.Code);
        Assert.StartsWith(limit, failed.Message, StringComparison.Ordinal);
        Assert.Equal(failed.Message, (await run.ViewAsync()).Message);
        return records;
    }
}
