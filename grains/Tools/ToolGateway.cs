using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Tools;

/// <summary>The only way to a tool: decides, then makes one attempt within its bounds. It never repeats a call by itself.</summary>
internal sealed partial class ToolGateway(
    IOptions<ToolGatewayOptions> options, ToolInstruments instruments, TimeProvider time, ILogger<ToolGateway> log)
{
    private readonly ToolResultCheck _results = new(options.Value.MaxResultBytes);
    private readonly TimeSpan _grace = TimeSpan.FromMilliseconds(options.Value.StopGraceMs);

    /// <summary>Whether a call may be made. Pure.</summary>
    public static ToolVerdict Decide(AgentDefinition agent, PreparedTool tool, in JsonElement arguments) =>
        RiskRule.Decide(agent, tool, arguments);

    /// <summary>Makes one attempt. Always answers with an outcome, in time even when the tool does not stop.</summary>
    public ValueTask<ToolOutcome> InvokeAsync(PreparedTool tool, ToolInvocation invocation, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return new(new ToolOutcome.Failed(ErrorCode.Cancelled, "The call was cancelled before it was made.", IsTransient: false, Sent: false));
        if (time.GetUtcNow() >= invocation.Deadline)
            return new(new ToolOutcome.Failed(
                ErrorCode.Timeout, $"The deadline passed before tool '{invocation.Tool.Tool}' was called.", IsTransient: true, Sent: false));
        return instruments.IsListening ? WatchAsync(tool, invocation, cancellation) : AttemptAsync(tool, invocation, cancellation);
    }

    private async ValueTask<ToolOutcome> WatchAsync(PreparedTool tool, ToolInvocation invocation, CancellationToken cancellation)
    {
        using var span = ToolSpans.Begin(invocation);
        var since = time.GetTimestamp();
        ToolOutcome? outcome = null;
        try
        {
            return outcome = await AttemptAsync(tool, span is null ? invocation : invocation with { Trace = span.Context }, cancellation);
        }
        finally
        {
            ErrorCode? failure = outcome is null ? ErrorCode.Internal : (outcome as ToolOutcome.Failed)?.Code;
            instruments.Called(tool.Version.Contract, time.GetElapsedTime(since), failure);
            ToolSpans.End(span, failure);
        }
    }

    private async ValueTask<ToolOutcome> AttemptAsync(PreparedTool tool, ToolInvocation invocation, CancellationToken cancellation)
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var link = cancellation.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), stop);
        Task<ToolOutcome>? call = null;
        try
        {
            call = tool.Invoker.InvokeAsync(invocation, stop.Token);
            if (!call.IsCompleted) stop.CancelAfter(tool.Version.Contract.TimeoutMs);
            var outcome = call.IsCompleted ? await call : await WaitAsync(call, stop.Token);
            return outcome switch
            {
                ToolOutcome.Succeeded success => _results.Check(tool, success),

                // Only here it is known why the tool was stopped; only the tool knows whether it had sent anything.
                ToolOutcome.Failed { Code: ErrorCode.Timeout or ErrorCode.Cancelled } failed when stop.IsCancellationRequested =>
                    Stopped(invocation, cancellation.IsCancellationRequested) with { Sent = failed.Sent },
                _ => outcome,
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (call is { IsCompleted: false })
                ObserveLate(call, invocation);
            return Stopped(invocation, cancellation.IsCancellationRequested);
        }
        catch (Exception e)
        {
            return Failed(e, invocation);
        }
    }

    private async Task<ToolOutcome> WaitAsync(Task<ToolOutcome> call, CancellationToken stop)
    {
        try
        {
            return await call.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (!call.IsCompleted)
        {
            // A tool that honours its token says now whether it had sent anything.
            try
            {
                return await call.WaitAsync(_grace, time, CancellationToken.None);
            }
            catch (TimeoutException) when (!call.IsCompleted)
            {
                throw new OperationCanceledException(stop);
            }
        }
    }

    private static ToolOutcome.Failed Stopped(ToolInvocation invocation, bool isCancelled) => isCancelled
        ? new(ErrorCode.Cancelled, $"The call of tool '{invocation.Tool.Tool}' was cancelled while it ran.", IsTransient: false, Sent: true)
        : new(ErrorCode.Timeout, $"Tool '{invocation.Tool.Tool}' did not answer within {invocation.Tool.Contract.TimeoutMs} ms.", IsTransient: true, Sent: true);

    private ToolOutcome.Failed Failed(Exception e, ToolInvocation invocation)
    {
        if (e is AgentRuntimeException known)
            return new(known.Code, known.Message, known.IsTransient, Sent: true);
        LogFault(invocation.Tool.Tool.Value, e.GetType().Name, invocation.IdempotencyKey, e.StackTrace);
        return new(
            ErrorCode.Internal,
            $"Tool '{invocation.Tool.Tool}' failed with {e.GetType().Name}; the log names call {invocation.IdempotencyKey}.",
            IsTransient: false,
            Sent: true);
    }

    // Nobody waits any more; what became of the call is written down, because for an at-most-once call a person will ask.
    private void ObserveLate(Task<ToolOutcome> call, ToolInvocation invocation) => call.ContinueWith(
        done => LogLate(invocation.Tool.Tool.Value, invocation.IdempotencyKey, Describe(done)),
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static string Describe(Task<ToolOutcome> call) => call switch
    {
        { IsFaulted: true } => call.Exception!.InnerException!.GetType().Name,
        { IsCanceled: true } => "cancelled",
        _ => call.Result is ToolOutcome.Failed failed ? $"failed, {failed.Code}" : "succeeded",
    };

    // What it says may quote the arguments, or a secret.
    [LoggerMessage(1, LogLevel.Warning, "Tool {Tool} threw {Fault} in call {Call}: {Place}")]
    private partial void LogFault(string tool, string fault, string call, string? place);

    [LoggerMessage(2, LogLevel.Warning, "Tool {Tool} answered call {Call} after its time or its cancellation: {Outcome}.")]
    private partial void LogLate(string tool, string call, string outcome);
}
