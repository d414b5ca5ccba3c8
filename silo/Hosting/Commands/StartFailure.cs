using System.Net.Sockets;
using AgentRuntime.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Turns a failed start into one line and an exit code.</summary>
internal static class StartFailure
{
    public static (int Code, string Line) Describe(Exception failure)
    {
        var causes = Causes(failure).ToList();
        if (causes.OfType<AgentRuntimeException>().FirstOrDefault() is { } known)
        {
            return (CodeOf(known), known.Message);
        }

        if (causes.OfType<OptionsValidationException>().FirstOrDefault() is { } wrong)
        {
            return (ExitCode.Usage, string.Join(' ', wrong.Failures));
        }

        if (causes.FirstOrDefault(IsBusyAddress) is { } busy)
        {
            return (ExitCode.PortInUse, $"A port was taken by another process while the silo started: {OneLine(busy)} Start again with --port-offset.");
        }

        return (ExitCode.Fault, $"The silo failed: {OneLine(failure.GetBaseException())}");
    }

    private static int CodeOf(AgentRuntimeException failure) => failure switch
    {
        PortInUseException => ExitCode.PortInUse,
        { Code: ErrorCode.InvalidArgument or ErrorCode.AlreadyExists or ErrorCode.NotFound } => ExitCode.Usage,
        { Code: ErrorCode.StorageCorrupted or ErrorCode.StorageExhausted or ErrorCode.PermissionDenied or ErrorCode.Unavailable } => ExitCode.DataFolder,
        { Code: ErrorCode.FailedPrecondition } => ExitCode.OtherConfiguration,
        _ => ExitCode.Fault,
    };

    private static bool IsBusyAddress(Exception failure) =>
        failure is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse };

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        var inner = failure is AggregateException many ? many.InnerExceptions : failure.InnerException is { } one ? [one] : [];
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
