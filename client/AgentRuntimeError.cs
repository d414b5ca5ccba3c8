using Google.Rpc;
using Grpc.Core;

namespace AgentRuntime.Client;

/// <summary>What the server said of a failure, beyond its status code. <see cref="Of"/> reads it from the exception that a call threw.</summary>
/// <param name="Status">The status of gRPC.</param>
/// <param name="Reason">The runtime's own code, for example <c>LIMIT_EXCEEDED</c>; empty when nobody of the runtime answered.</param>
/// <param name="Message">Culprit and fix.</param>
/// <param name="TraceId">Names the call in the server's logs; empty when nobody of the runtime answered.</param>
/// <param name="RetryAfter">After how long the server asks to repeat the call; null when repeating it changes nothing.</param>
/// <param name="Fields">The fields of the request that are wrong, each with what is wrong.</param>
public sealed record AgentRuntimeError(
    StatusCode Status, string Reason, string Message, string TraceId, TimeSpan? RetryAfter, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>Reads what the server said.</summary>
    /// <param name="fault">What a call threw. Every call of a client throws this type and, when its token was cancelled, <see cref="OperationCanceledException"/>.</param>
    public static AgentRuntimeError Of(RpcException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var said = fault.GetRpcStatus();
        var info = said?.GetDetail<ErrorInfo>();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var violation in said?.GetDetail<BadRequest>()?.FieldViolations ?? []) fields[violation.Field] = violation.Description;
        return new AgentRuntimeError(
            fault.StatusCode,
            info?.Reason ?? "",
            fault.Status.Detail,
            info?.Metadata.GetValueOrDefault("trace_id") ?? "",
            RetryAfterOf(fault),
            fields);
    }

    internal static TimeSpan? RetryAfterOf(RpcException fault) => fault.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
}
