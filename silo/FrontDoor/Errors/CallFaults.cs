using System.Diagnostics;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Errors;

/// <summary>Makes of what went wrong in a call what its caller is told, and writes down what nobody expected.</summary>
internal sealed partial class CallFaults(ILogger<CallFaults> log)
{
    public RpcException Translate(Exception fault, string method, HttpContext http)
    {
        var traceId = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        if (!ErrorTranslator.IsExpected(fault) && fault is not RpcException) LogUnexpected(method, traceId, fault);
        return ErrorTranslator.Translate(fault, traceId);
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed unexpectedly, trace {TraceId}")]
    private partial void LogUnexpected(string method, string traceId, Exception fault);
}
