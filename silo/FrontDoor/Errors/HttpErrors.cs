using System.Diagnostics;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Json;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Errors;

/// <summary>Answers requests that are no call of the API as the API answers over JSON.</summary>
internal static class HttpErrors
{
    public static Task WriteAsync(HttpContext http, int status, AgentRuntimeException fault)
    {
        var error = ErrorTranslator.Translate(fault, Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier).GetRpcStatus()!;
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(JsonForm.Format(error));
    }
}
