using System.Collections.Concurrent;
using System.Diagnostics;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Grains.Tests.Tools;

public sealed class ToolSpansTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly ActivityContext _run = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    public ToolSpansTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RuntimeSource.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Call_OfATool_IsASpanOfTheRunsTraceThatTheToolIsTold()
    {
        var told = default(ActivityContext);

        await InvokeAsync(call =>
        {
            told = call.Trace;
            return new ToolOutcome.Succeeded("\"canary\"", IsJson: true);
        });

        var span = Mine();
        Assert.Equal("execute_tool refund", span.DisplayName);
        Assert.Equal((_run.SpanId, span.SpanId), (span.ParentSpanId, told.SpanId));
        Assert.Equal(("execute_tool", "refund", "acme/r1/1/0"), (span.GetTagItem(GenAiNames.OperationName), span.GetTagItem(GenAiNames.ToolName), span.GetTagItem(GenAiNames.ToolCallId)));
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_ThatFails_SaysOfWhatClassAndNotWhatItSaid()
    {
        await InvokeAsync(_ => new ToolOutcome.Failed(ErrorCode.ToolFailed, "canary", IsTransient: false, Sent: true));

        var span = Mine();
        Assert.Equal((ActivityStatusCode.Error, null, "ToolFailed"), (span.Status, span.StatusDescription, span.GetTagItem(RuntimeNames.ErrorType)));
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains("canary", StringComparison.Ordinal));
    }

    private Activity Mine() => Assert.Single(_spans, span => span.TraceId == _run.TraceId);

    private Task<ToolOutcome> InvokeAsync(Func<ToolInvocation, ToolOutcome> answer)
    {
        var tool = ToolSamples.Prepare(ToolSamples.Version(ToolSamples.Contract()), new ScriptedInvoker((call, _) => Task.FromResult(answer(call))));
        var gateway = new ToolGateway(Options.Create(new ToolGatewayOptions()), ToolSamples.Instruments(), TimeProvider.System, NullLogger<ToolGateway>.Instance);
        var call = ToolSamples.Call(tool, """{"order":"canary"}""", TimeProvider.System.GetUtcNow().AddMinutes(1)) with { Trace = _run };
        return gateway.InvokeAsync(tool, call, TestContext.Current.CancellationToken).AsTask();
    }
}
