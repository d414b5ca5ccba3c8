using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentRuntime.Testing.Aws;

/// <summary>Does to requests of the JSON protocols what <paramref name="plan"/> says; those that make, change or describe tables are left alone.</summary>
internal sealed class FaultyHandler(HttpMessageHandler inner, FaultPlan plan) : DelegatingHandler(inner)
{
    private static readonly FaultKind[] OfAll = [FaultKind.Throttle, FaultKind.ServerError, FaultKind.TimeoutWithEffect, FaultKind.TimeoutWithoutEffect];
    // Batches are few: half of what they meet is what only they can.
    private static readonly FaultKind[] OfBatches = [.. OfAll, .. Enumerable.Repeat(FaultKind.PartialBatch, OfAll.Length)];
    private static readonly FaultKind[] OfLaxReads = [.. OfAll, FaultKind.StaleRead];

    private readonly OldAnswers _old = new(TimeProvider.System);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = request.Headers.TryGetValues("X-Amz-Target", out var targets) ? targets.First().Split('.')[^1] : "";
        if (operation.Contains("Table", StringComparison.Ordinal) || operation.Contains("TimeToLive", StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken);
        var laxRead = await LaxReadAsync(request, operation, cancellationToken);
        var fault = plan.Next(operation, laxRead is not null ? OfLaxReads : UnprocessedOf(operation) is not null ? OfBatches : OfAll);
        if (fault is { } kind and not (FaultKind.PartialBatch or FaultKind.StaleRead)) plan.Met(kind);
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
            case FaultKind.PartialBatch when UnprocessedOf(operation) is { } name:
                return await SendPartAsync(request, name, cancellationToken);
            default:
                return laxRead is null ? await base.SendAsync(request, cancellationToken) : await ReadAsync(request, laxRead, fault == FaultKind.StaleRead, cancellationToken);
        }
    }

    // As HttpClient says it, too.
    private static TaskCanceledException NoAnswer() => new("No answer came in time.", new TimeoutException());

    private static HttpResponseMessage Error(HttpStatusCode status, string code) => new(status)
    {
        Content = Json($$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{code}}","message":"Injected."}"""),
    };

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/x-amz-json-1.0");

    /// <summary>What a read asks for, if it does not ask for the newest.</summary>
    private static async Task<string?> LaxReadAsync(HttpRequestMessage request, string operation, CancellationToken cancellation)
    {
        if (operation is not ("Query" or "GetItem")) return null;
        var body = await request.Content!.ReadAsStringAsync(cancellation);
        return JsonNode.Parse(body)!["ConsistentRead"]?.GetValue<bool>() == true ? null : body;
    }

    private async Task<HttpResponseMessage> ReadAsync(HttpRequestMessage request, string question, bool isStale, CancellationToken cancellation)
    {
        var response = await base.SendAsync(request, cancellation);
        if (response.StatusCode != HttpStatusCode.OK) return response;
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (isStale && _old.Find(question, answer) is { } old)
        {
            plan.Met(FaultKind.StaleRead);
            answer = old;
        }
        else
        {
            _old.Keep(question, answer);
        }

        response.Dispose();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = Json(answer) };
    }

    // What the answer to a batch calls the part that was not done.
    private static string? UnprocessedOf(string operation) => operation switch
    {
        "BatchWriteItem" => "UnprocessedItems",
        "BatchGetItem" => "UnprocessedKeys",
        _ => null,
    };

    private async Task<HttpResponseMessage> SendPartAsync(HttpRequestMessage request, string unprocessed, CancellationToken cancellation)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellation))!.AsObject();
        var held = HoldBack(body["RequestItems"]!.AsObject());
        if (held.Count == 0) return await base.SendAsync(request, cancellation);
        plan.Met(FaultKind.PartialBatch);
        request.Content = Json(body.ToJsonString());
        using var response = await base.SendAsync(request, cancellation);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject();
        answer[unprocessed] = held;
        return new HttpResponseMessage(response.StatusCode) { Content = Json(answer.ToJsonString()) };
    }

    // The later half of each table's requests.
    private static JsonObject HoldBack(JsonObject tables)
    {
        var held = new JsonObject();
        foreach (var (table, wanted) in tables.ToList())
        {
            var rest = wanted!.DeepClone();
            var (list, later) = wanted is JsonObject ? (wanted["Keys"]!.AsArray(), rest["Keys"]!.AsArray()) : (wanted.AsArray(), rest.AsArray());
            var done = (list.Count + 1) / 2;
            while (list.Count > done) list.RemoveAt(list.Count - 1);
            for (var i = 0; i < done; i++) later.RemoveAt(0);
            if (later.Count > 0) held[table] = rest;
        }

        return held;
    }
}
