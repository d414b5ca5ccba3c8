using System.Net;

namespace AgentRuntime.Aws.Connection;

/// <summary>Counts what is sent and what is refused as too much; the SDK hides the latter once a later attempt succeeds.</summary>
internal sealed class AttemptCounter(HttpMessageHandler inner, AwsInstruments instruments) : DelegatingHandler(inner)
{
    private const string FormType = "application/x-www-form-urlencoded";

    // Errors are short; a longer answer is none.
    private const long LongestError = 16 * 1024;

    // The codes that the SDK's own standard retry mode takes for throttling.
    private static readonly string[] Codes =
    [
        "ProvisionedThroughputExceeded", "ThrottlingException", "Throttling\"", "Throttling<", "ThrottledException", "RequestThrottled", "TooManyRequestsException",
        "RequestLimitExceeded", "SlowDown", "BandwidthLimitExceeded", "LimitExceededException", "PriorRequestNotComplete", "EC2ThrottledException",
    ];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var (service, operation) = Names(request);
        instruments.Sent(service, operation);
        if (await IsThrottledAsync(response, cancellationToken)) instruments.Throttled(service, operation);
        return response;
    }

    private static async Task<bool> IsThrottledAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests) return true;
        if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.ServiceUnavailable)) return false;
        if (response.Content.Headers.ContentLength is not <= LongestError) return false;
        await response.Content.LoadIntoBufferAsync(cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return Codes.Any(code => text.Contains(code, StringComparison.Ordinal));
    }

    // The JSON protocols name both, as in DynamoDB_20120810.PutItem; STS has forms, and S3 only methods.
    private static (string Service, string Operation) Names(HttpRequestMessage request)
    {
        if (!request.Headers.TryGetValues("X-Amz-Target", out var targets)) return (request.Content?.Headers.ContentType?.MediaType == FormType ? "STS" : "S3", request.Method.Method);
        var target = targets.First();
        var dot = target.LastIndexOf('.');
        return dot < 0 ? (target, "") : (target[..dot].Split('_')[0], target[(dot + 1)..]);
    }
}
