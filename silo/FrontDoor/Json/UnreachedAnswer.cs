using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>
/// Feature of a call over JSON until it reaches its method: keeps back what the transcoder answers by itself, such as to a value that is of another type than
/// its field, so that it is told as all else is.
/// </summary>
/// <param name="Body">Where the method's own answer goes.</param>
internal sealed record UnreachedAnswer(Stream Body)
{
    public static async Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        using var kept = new MemoryStream();
        http.Features.Set(new UnreachedAnswer(http.Response.Body));
        http.Response.Body = kept;
        try
        {
            await next(http);
        }
        finally
        {
            Reached(http);
        }

        if (kept.Length > 0) await TellAsync(http, http.Response.StatusCode);
    }

    /// <summary>From here on what is written is the method's own answer.</summary>
    public static void Reached(HttpContext http)
    {
        if (http.Features.Get<UnreachedAnswer>() is not { } answer) return;
        http.Features.Set<UnreachedAnswer>(null);
        http.Response.Body = answer.Body;
    }

    // All else that can be wrong with a request was looked at before.
    private static Task TellAsync(HttpContext http, int status) => HttpErrors.WriteAsync(http, status, status < StatusCodes.Status500InternalServerError
        ? new AgentRuntimeException(ErrorCode.InvalidArgument, "request: a value of the body or of a parameter is of another type than its field; see /openapi/v1.json.")
        : new AgentRuntimeException(ErrorCode.Internal, "the request could not be read; give the trace id to the runtime's operator."));
}
