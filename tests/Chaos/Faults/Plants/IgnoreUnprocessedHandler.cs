using System.Text;
using System.Text.Json.Nodes;

namespace AgentRuntime.Chaos.Faults.Plants;

/// <summary>Broken: a batch of writes of which a part was handed back reads as if all of it was done.</summary>
internal sealed class IgnoreUnprocessedHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!request.Headers.TryGetValues("X-Amz-Target", out var targets) || !targets.Single().EndsWith(".BatchWriteItem", StringComparison.Ordinal) || !response.IsSuccessStatusCode) return response;
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
        answer["UnprocessedItems"] = new JsonObject();
        response.Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0");
        return response;
    }
}
