using System.Globalization;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;
using Status = Google.Rpc.Status;

namespace AgentRuntime.FrontDoor.Overload;

/// <summary>
/// RESOURCE_EXHAUSTED, ready made: to refuse must cost next to nothing. The pause that it asks for differs, so that not all come back at once. Over JSON no
/// other refusal carries <c>Retry-After</c>: by that callers of one silo for many tenants, such as its start queue, know that it is the silo's own.
/// </summary>
internal sealed class Refusal
{
    private const string Message = "silo: has as many calls as it can serve; try again after the pause in RetryInfo.";

    private static readonly Refusal[] Kinds = [.. Enumerable.Range(0, 8).Select(kind => new Refusal(TimeSpan.FromMilliseconds(500 + 125 * kind)))];

    private readonly string _details;
    private readonly string _json;
    private readonly string _seconds;

    private Refusal(TimeSpan pause)
    {
        var quota = new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = "silo", Description = Message } } };
        var info = new ErrorInfo { Reason = StatusTable.ReasonOf(ErrorCode.LimitExceeded), Domain = ErrorTranslator.Domain };
        var status = new Status
        {
            Code = (int)Code.ResourceExhausted,
            Message = Message,
            Details = { Any.Pack(info), Any.Pack(quota), Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(pause) }) },
        };
        _details = Convert.ToBase64String(status.ToByteArray());
        _json = JsonForm.Format(status);
        _seconds = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    public static Task WriteAsync(HttpResponse response, DoorMethod method)
    {
        var refusal = Kinds[Random.Shared.Next(Kinds.Length)];
        return method.IsJson ? refusal.WriteJsonAsync(response) : refusal.WriteGrpc(response);
    }

    private Task WriteGrpc(HttpResponse response)
    {
        CallErrors.WriteGrpc(response, StatusCode.ResourceExhausted, Message, _details);
        return Task.CompletedTask;
    }

    private Task WriteJsonAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = _seconds;
        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync(_json);
    }
}
