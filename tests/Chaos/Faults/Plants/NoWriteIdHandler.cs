using System.Text;
using System.Text.Json.Nodes;

namespace AgentRuntime.Chaos.Faults.Plants;

/// <summary>Broken: takes what compares write ids out of the conditions under which grain state is put.</summary>
internal sealed class NoWriteIdHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string WriteIds = " OR (w = :id AND v <= :version)";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.TryGetValues("X-Amz-Target", out var targets) || !targets.Single().EndsWith(".PutItem", StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken);
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
        var condition = body["ConditionExpression"]?.GetValue<string>() ?? "";
        if (!condition.EndsWith(WriteIds, StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken);
        body["ConditionExpression"] = condition[..^WriteIds.Length];
        var values = body["ExpressionAttributeValues"]!.AsObject();
        values.Remove(":id");
        values.Remove(":version");
        if (values.Count == 0) body.Remove("ExpressionAttributeValues");
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0");
        return await base.SendAsync(request, cancellationToken);
    }
}
