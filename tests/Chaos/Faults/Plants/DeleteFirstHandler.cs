using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace AgentRuntime.Chaos.Faults.Plants;

/// <summary>Broken: what was received is deleted at once.</summary>
internal sealed class DeleteFirstHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isReceive = request.Headers.TryGetValues("X-Amz-Target", out var targets) && targets.Single() == "AmazonSQS.ReceiveMessage";
        var response = await base.SendAsync(request, cancellationToken);
        if (!isReceive || !response.IsSuccessStatusCode) return response;
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        foreach (var message in answer["Messages"] as JsonArray ?? []) await DeleteAsync(request.RequestUri!, asked["QueueUrl"]!, message!["ReceiptHandle"]!, cancellationToken);
        return response;
    }

    private async Task DeleteAsync(Uri endpoint, JsonNode queue, JsonNode receipt, CancellationToken cancellation)
    {
        var body = new JsonObject { ["QueueUrl"] = queue.DeepClone(), ["ReceiptHandle"] = receipt.DeepClone() };
        using var delete = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/x-amz-json-1.0")),
        };
        delete.Headers.Add("X-Amz-Target", "AmazonSQS.DeleteMessage");
        using var response = await base.SendAsync(delete, cancellation);
        response.EnsureSuccessStatusCode();
    }
}
