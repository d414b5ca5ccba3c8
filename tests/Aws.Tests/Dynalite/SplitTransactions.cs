using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentRuntime.Aws.Tests.Dynalite;

/// <summary>
/// Does the parts of a transaction one after the other, for a server that knows none. The first that is refused ends it, and what came before it stays:
/// what a transaction promises beyond that is not shown.
/// </summary>
internal sealed class SplitTransactions(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Target = "X-Amz-Target";
    private const string Transaction = "TransactWriteItems";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = request.Headers.GetValues(Target).Single();
        if (!target.EndsWith($".{Transaction}", StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken);
        var writes = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!["TransactItems"]!.AsArray();
        for (var i = 0; i < writes.Count; i++)
        {
            var (kind, write) = writes[i]!.AsObject().Single();
            using var part = new HttpRequestMessage(request.Method, request.RequestUri) { Content = Json(write!.ToJsonString()) };
            foreach (var (name, values) in request.Headers.Where(static header => header.Key != Target)) part.Headers.TryAddWithoutValidation(name, values);
            part.Headers.Add(Target, target.Replace(Transaction, $"{kind}Item", StringComparison.Ordinal));
            var response = await base.SendAsync(part, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                response.Dispose();
                continue;
            }

            var isRefused = (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("ConditionalCheckFailedException", StringComparison.Ordinal);
            return isRefused ? Cancelled(writes.Count, i) : response;
        }

        return new HttpResponseMessage(HttpStatusCode.OK) { Content = Json("{}") };
    }

    private static HttpResponseMessage Cancelled(int count, int refused)
    {
        var reasons = Enumerable.Range(0, count).Select(i => new JsonObject { ["Code"] = i == refused ? "ConditionalCheckFailed" : "None" });
        var body = new JsonObject
        {
            ["__type"] = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", ["Message"] = "Transaction cancelled", ["CancellationReasons"] = new JsonArray([.. reasons]),
        };
        return new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = Json(body.ToJsonString()) };
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/x-amz-json-1.0");
}
