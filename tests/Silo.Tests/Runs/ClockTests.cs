using AgentRuntime.Approvals;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Runs on a silo whose clock is set while they work.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private readonly MovableClock _clock = new();
    private RunSilo _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _silo = await RunSilo.StartAsync(_folder.Path, new RunScripts(), services => services.AddSingleton<TimeProvider>(_clock));
        await _silo.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ClockJumpsBack_DuringACall_TheRunCompletesAndItsChainHolds()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Put, RunCast.Once), (_, _) =>
        {
            _clock.Move(TimeSpan.FromHours(-1));
            return new(Result.Ok);
        });
        await RequireCompleteAsync(run);
        var times = (await run.EntriesAsync()).Select(entry => HeaderCodec.Decode(entry.Header).Time).ToList();
        Assert.True(times[^1] < times[0].AddHours(-1.9));
    }

    [Fact]
    public async Task ClockJumpsBack_BeforeARetryIsDue_TheRunDoesNotWaitForTheOldTime()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Put), (invocation, _) =>
        {
            if (invocation.Attempt > 1) return new(Result.Ok);
            return new(Result.Busy());
        });
        await run.WaitForAsync<AttemptFailed>();
        _clock.Move(TimeSpan.FromHours(-1));
        await RequireCompleteAsync(run);
        Assert.Equal(2, run.Invocations.Count);
    }

    [Fact]
    public async Task ClockJumpsBack_WhileTheModelIsTriedAgain_TheRunDoesNotWaitForTheOldTime()
    {
        var calls = 0;
        var run = await _silo.RunAsync(_ => ++calls == 1 ? throw new HttpRequestException() : Task.FromResult(Reply.Text("done")));
        await run.WaitForAsync<AttemptFailed>();
        _clock.Move(TimeSpan.FromHours(-1));
        await RequireCompleteAsync(run);
    }

    [Fact]
    public async Task ClockJumpsForward_PastAnApproval_ExpiresIt()
    {
        var run = await _silo.RunAsync(Reply.CallingThenDone(RunCast.Pay));
        var approval = await run.AskedAsync();
        await run.AsleepAsync();
        _clock.Move(TimeSpan.FromDays(2));
        await RequireCompleteAsync(run);
        Assert.Equal(ApprovalState.Expired, (await run.InboxAsync(approval)).State);
        Assert.Empty(run.Invocations);
    }

    private static async Task RequireCompleteAsync(TestRun run)
    {
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        await run.RequireChainAsync();
        Assert.Equal(RunStatus.Completed, (await run.RowAsync()).Status);
    }
}
