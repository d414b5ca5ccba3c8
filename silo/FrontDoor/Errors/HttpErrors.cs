using System.Diagnostics;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Json;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace AgentRuntime.FrontDoor.Errors;

/// <summary>Answers requests that are no call of the API as the API answers over JSON.</summary>
internal static class HttpErrors
{
    public static Task WriteAsync(HttpContext http, int status, AgentRuntimeException fault) =>
        WriteAsync(http.Response, status, ErrorTranslator.Translate(fault, Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier).GetRpcStatus()!);

    public static Task WriteAsync(HttpResponse response, int status, Status error)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync(JsonForm.Format(error));
    }
}
