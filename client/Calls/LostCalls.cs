using Grpc.Core;

namespace AgentRuntime.Client.Calls;

/// <summary>Tells calls that got lost, or that the server asks to repeat, from those that it refused.</summary>
internal static class LostCalls
{
    public static bool IsWorthAnother(RpcException fault) =>
        fault.StatusCode == StatusCode.Unavailable || IsBroken(fault.Status.DebugException) || AgentRuntimeError.RetryAfterOf(fault) is not null;

    // A connection whose keep-alive nobody answers ends with an error of HTTP/2, which gRPC calls INTERNAL.
    private static bool IsBroken(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException) return true;
        }

        return false;
    }
}
