using AgentRuntime.Common;
using AgentRuntime.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Grains.Tests.Tools;

public sealed class ToolGatewayTests
{
    private readonly FakeTimeProvider _time = new(ToolSamples.Now);
    private readonly RecordingLog _log = new();

    [Fact]
    public async Task Invoke_ToolAnswers_Succeeds()
    {
        var outcome = await InvokeAsync((_, _) => Answer("""{"ok":true}"""));

        Assert.Equal(new ToolOutcome.Succeeded("""{"ok":true}""", true), outcome);
    }

    [Fact]
    public async Task Invoke_AfterDeadline_SendsNothing()
    {
        var invoker = new ScriptedInvoker((_, _) => Answer("{}"));
        var tool = ToolSamples.Prepare(ToolSamples.Version(ToolSamples.Contract()), invoker);

        var outcome = await Gateway().InvokeAsync(tool, ToolSamples.Call(tool, deadline: ToolSamples.Now), TestContext.Current.CancellationToken);

        var failed = Assert.IsType<ToolOutcome.Failed>(outcome);
        Assert.Equal((ErrorCode.Timeout, true, false), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Equal(0, invoker.Calls);
    }

    [Fact]
    public async Task Invoke_ToolNeverAnswers_FailsInTimeAsSent()
    {
        var never = new TaskCompletionSource<ToolOutcome>();
        var call = InvokeAsync((_, _) => never.Task);

        _time.Advance(TimeSpan.FromMilliseconds(5_001));
        var failed = Assert.IsType<ToolOutcome.Failed>(await AdvanceAsync(call));

        Assert.Equal((ErrorCode.Timeout, true, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains("5000 ms", failed.Message);
    }

    [Fact]
    public async Task Invoke_CancelledAndToolIgnoresIt_FailsAsSentAndLateAnswerIsLogged()
    {
        var late = new TaskCompletionSource<ToolOutcome>();
        using var cancel = new CancellationTokenSource();
        var call = InvokeAsync((_, _) => late.Task, cancellation: cancel.Token);

        await cancel.CancelAsync();
        var failed = Assert.IsType<ToolOutcome.Failed>(await AdvanceAsync(call));
        late.SetResult(new ToolOutcome.Succeeded("{}", true));

        Assert.Equal((ErrorCode.Cancelled, true), (failed.Code, failed.Sent));
        Assert.Contains(_log.Lines, l => l.Contains("acme/r1/1/0") && l.Contains("succeeded"));
    }

    [Fact]
    public async Task Invoke_CancelledAndToolStopsUnsent_SaysUnsent()
    {
        using var cancel = new CancellationTokenSource();
        var call = InvokeAsync(
            async (_, token) =>
            {
                var stopped = new TaskCompletionSource();
                await using var link = token.Register(stopped.SetResult);
                await stopped.Task;
                return new ToolOutcome.Failed(ErrorCode.Cancelled, "Not sent.", false, Sent: false);
            },
            cancellation: cancel.Token);

        await cancel.CancelAsync();

        Assert.False(Assert.IsType<ToolOutcome.Failed>(await AdvanceAsync(call)).Sent);
    }

    [Fact]
    public async Task Invoke_ToolThrows_MessageDoesNotLeaveTheLog()
    {
        var outcome = await InvokeAsync((_, _) => throw new InvalidOperationException("password=hunter2"));

        var failed = Assert.IsType<ToolOutcome.Failed>(outcome);
        Assert.Equal((ErrorCode.Internal, false, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.DoesNotContain("hunter2", failed.Message);
        Assert.Contains("InvalidOperationException", failed.Message);
    }

    [Fact]
    public async Task Invoke_ToolThrowsRuntimeException_ItsWordsAreKept()
    {
        var outcome = await InvokeAsync((_, _) => throw new AgentRuntimeException(ErrorCode.Unavailable, "The ledger is closed.", isTransient: true));

        Assert.Equal(new ToolOutcome.Failed(ErrorCode.Unavailable, "The ledger is closed.", true, true), outcome);
    }

    [Theory]
    [InlineData("""{"total":1}""", true, null)]
    [InlineData("""{"total":"1"}""", true, "/total")]
    [InlineData("total 1", false, "promises JSON")]
    [InlineData("{", true, "not JSON")]
    public async Task Invoke_OutputSchema_ResultIsHeldAgainstIt(string result, bool isJson, string? complaint)
    {
        var outcome = await InvokeAsync(
            (_, _) => Task.FromResult<ToolOutcome>(new ToolOutcome.Succeeded(result, isJson)),
            ToolSamples.Contract(output: """{"type":"object","properties":{"total":{"type":"integer"}}}"""));

        if (complaint is null)
            Assert.IsType<ToolOutcome.Succeeded>(outcome);
        else
            Assert.Contains(complaint, Assert.IsType<ToolOutcome.Failed>(outcome).Message);
    }

    [Fact]
    public async Task Invoke_ResultTooLarge_Fails()
    {
        var outcome = await InvokeAsync((_, _) => Answer(new string('x', 2_000)), maxResultBytes: 1_024);

        var failed = Assert.IsType<ToolOutcome.Failed>(outcome);
        Assert.Equal((ErrorCode.ToolFailed, true), (failed.Code, failed.Sent));
        Assert.Contains("1024 bytes", failed.Message);
    }

    private static Task<ToolOutcome> Answer(string json) => Task.FromResult<ToolOutcome>(new ToolOutcome.Succeeded(json, true));

    private ToolGateway Gateway(int maxResultBytes = 1 << 20) =>
        new(Options.Create(new ToolGatewayOptions { MaxResultBytes = maxResultBytes }), ToolSamples.Instruments(), _time, _log);

    private Task<ToolOutcome> InvokeAsync(
        Func<ToolInvocation, CancellationToken, Task<ToolOutcome>> call,
        ToolContract? contract = null,
        int maxResultBytes = 1 << 20,
        CancellationToken? cancellation = null)
    {
        var tool = ToolSamples.Prepare(ToolSamples.Version(contract ?? ToolSamples.Contract()), new ScriptedInvoker(call));
        return Gateway(maxResultBytes).InvokeAsync(tool, ToolSamples.Call(tool), cancellation ?? TestContext.Current.CancellationToken).AsTask();
    }

    // The grace begins on a thread of the pool, so time moves until it is over.
    private async Task<ToolOutcome> AdvanceAsync(Task<ToolOutcome> call)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!call.IsCompleted)
        {
            Assert.False(deadline.IsCancellationRequested, "The gateway did not give up on the tool.");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await call;
    }

    private sealed class RecordingLog : ILogger<ToolGateway>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add(formatter(state, exception));
        }
    }
}
