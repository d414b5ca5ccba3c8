using Grpc.Core;

namespace AgentRuntime.FrontDoor.Errors;

/// <summary>The one table from the runtime's errors to gRPC's.</summary>
internal static class StatusTable
{
    public static StatusCode For(ErrorCode code) => code switch
    {
        ErrorCode.InvalidArgument => StatusCode.InvalidArgument,
        ErrorCode.NotFound => StatusCode.NotFound,
        ErrorCode.AlreadyExists => StatusCode.AlreadyExists,
        ErrorCode.PermissionDenied => StatusCode.PermissionDenied,
        ErrorCode.Unauthenticated => StatusCode.Unauthenticated,
        ErrorCode.FailedPrecondition => StatusCode.FailedPrecondition,
        ErrorCode.LimitExceeded => StatusCode.ResourceExhausted,
        ErrorCode.Unavailable => StatusCode.Unavailable,
        ErrorCode.Timeout => StatusCode.DeadlineExceeded,
        ErrorCode.PolicyDenied => StatusCode.PermissionDenied,
        ErrorCode.StorageExhausted => StatusCode.ResourceExhausted,
        ErrorCode.StorageCorrupted => StatusCode.DataLoss,
        ErrorCode.ModelFailed => StatusCode.Aborted,
        ErrorCode.ToolFailed => StatusCode.Aborted,
        ErrorCode.Cancelled => StatusCode.Cancelled,
        _ => StatusCode.Internal,
    };

    /// <summary>The same over JSON, as the transcoding of methods that are reached says it.</summary>
    public static int HttpOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.Cancelled => StatusCodes.Status408RequestTimeout,
        StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The code as it stands on the wire: <c>LIMIT_EXCEEDED</c>.</summary>
    public static string ReasonOf(ErrorCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
