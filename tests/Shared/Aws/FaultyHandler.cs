using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentRuntime.Testing.Aws;

/// <summary>Does to requests of the JSON protocols what <paramref name="plan"/> says; those that make, change or describe tables are left alone.</summary>
internal sealed class FaultyHandler(HttpMessageHandler inner, FaultPlan plan) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = request.Headers.TryGetValues("X-Amz-Target", out var targets) ? targets.First().Split('.')[^1] : "";
        if (operation.Contains("Table", StringComparison.Ordinal) || operation.Contains("TimeToLive", StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken);
        var fault = plan.Next(operation);
        if (fault == FaultKind.PartialBatch) return await SendPartAsync(request, operation, cancellationToken);
        if (fault is { } kind) plan.Met(kind);
        switch (fault)
        {
            case FaultKind.Throttle:
                return Error(HttpStatusCode.BadRequest, "ProvisionedThroughputExceededException");
            case FaultKind.ServerError:
                return Error(HttpStatusCode.InternalServerError, "InternalServerError");
            case FaultKind.TimeoutWithEffect:
                using (await base.SendAsync(request, cancellationToken)) throw NoAnswer();
            case FaultKind.TimeoutWithoutEffect:
                throw NoAnswer();
            default:
                return await base.SendAsync(request, cancellationToken);
        }
    }

    // As HttpClient says it, too.
    private static TaskCanceledException NoAnswer() => new("No answer came in time.", new TimeoutException());

    private static HttpResponseMessage Error(HttpStatusCode status, string code) => new(status)
    {
        Content = new StringContent(
            $$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{code}}","message":"Injected."}""", Encoding.UTF8, "application/x-amz-json-1.0"),
    };

    private async Task<HttpResponseMessage> SendPartAsync(HttpRequestMessage request, string operation, CancellationToken cancellation)
    {
        if (operation != "BatchWriteItem") return await base.SendAsync(request, cancellation);
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellation))!.AsObject();
        var held = HoldBack(body["RequestItems"]!.AsObject());
        if (held.Count == 0) return await base.SendAsync(request, cancellation);
        plan.Met(FaultKind.PartialBatch);
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0");
        using var response = await base.SendAsync(request, cancellation);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject();
        answer["UnprocessedItems"] = held;
        return new HttpResponseMessage(response.StatusCode) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0") };
    }

    // The later half of each table's requests.
    private static JsonObject HoldBack(JsonObject tables)
    {
        var held = new JsonObject();
        foreach (var (table, list) in tables.ToList())
        {
            var requests = list!.AsArray();
            var later = new JsonArray();
            while (requests.Count > later.Count + 1)
            {
                var last = requests[^1];
                requests.RemoveAt(requests.Count - 1);
                later.Add(last);
            }

            if (later.Count > 0) held[table] = later;
        }

        return held;
    }
}
