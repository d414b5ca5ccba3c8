using System.Security.Authentication;
using Grpc.Core;

namespace AgentRuntime.Cli;

/// <summary>Turns a failure into an exit code and one line with culprit and next step.</summary>
internal static class Failure
{
    public static (int Code, string Line) Describe(Exception fault) => fault switch
    {
        CliException known => (known.ExitCode, known.Message),
        RpcException refused when Find<CliException>(refused.Status.DebugException) is { } own => (own.ExitCode, own.Message),
        RpcException refused when Find<HttpRequestException>(refused.Status.DebugException) is { HttpRequestError: HttpRequestError.SecureConnectionError } insecure =>
            (ExitCode.NoServer, LineOf(insecure)),
        RpcException refused => (CodeOf(refused.StatusCode), LineOf(refused)),
        IOException or UnauthorizedAccessException => (ExitCode.Usage, fault.Message),
        _ => (ExitCode.Fault, $"agentctl failed: {fault.GetType().Name}: {fault.Message}"),
    };

    private static T? Find<T>(Exception? fault)
        where T : Exception
    {
        while (fault is not null and not T) fault = fault.InnerException;
        return (T?)fault;
    }

    private static int CodeOf(StatusCode status) => status switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ExitCode.Usage,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => ExitCode.NoServer,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => ExitCode.Refused,
        StatusCode.NotFound => ExitCode.NotFound,
        StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.Aborted => ExitCode.Conflict,
        StatusCode.ResourceExhausted => ExitCode.Limit,
        _ => ExitCode.Fault,
    };

    // Only the words tell a certificate that was looked at from a handshake that never came so far.
    private static string LineOf(HttpRequestException insecure) =>
        Find<AuthenticationException>(insecure) is { } distrust && distrust.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            ? $"the silo's certificate is not trusted: {distrust.Message} Have this machine trust who signed it, on Linux also by SSL_CERT_FILE."
            : "what answers at this address does not speak TLS; use http://, if it is a silo without a certificate on this machine.";

    private static string LineOf(RpcException refused) => refused.StatusCode switch
    {
        // What the transport says of an address is of no use to a person.
        StatusCode.Unavailable when refused.GetRpcStatus() is null => "no silo answers; start one (dotnet run --project silo) or give another --endpoint.",
        StatusCode.Unimplemented => "the server does not know this method; use an agentctl of its version.",
        StatusCode.DeadlineExceeded when refused.GetRpcStatus() is null => "the silo did not answer in time; look with get whether it took effect, then try again.",
        _ => refused.Status.Detail,
    };
}
