using System.Globalization;
using AgentRuntime.FrontDoor.Overload;
using Google.Protobuf;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Errors;

/// <summary>Answers a call that does not reach its method as the method would have.</summary>
internal static class CallErrors
{
    public static Task WriteAsync(HttpResponse response, DoorMethod method, RpcException fault)
    {
        var status = fault.GetRpcStatus()!;
        if (method.IsJson) return HttpErrors.WriteAsync(response, StatusTable.HttpOf(fault.StatusCode), status);
        WriteGrpc(response, fault.StatusCode, fault.Status.Detail, Convert.ToBase64String(status.ToByteArray()));
        return Task.CompletedTask;
    }

    /// <summary>A response of headers alone, as gRPC over HTTP/2 has it ("Trailers-Only").</summary>
    public static void WriteGrpc(HttpResponse response, StatusCode code, string message, string details)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)code).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = IsPlain(message) ? message : Uri.EscapeDataString(message);
        response.Headers["grpc-status-details-bin"] = details;
    }

    private static bool IsPlain(string message) => message.All(c => c is >= ' ' and <= '~' and not '%');
}
