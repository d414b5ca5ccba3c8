using System.Text;
using System.Text.Json.Nodes;

namespace AgentRuntime.Testing.Aws;

/// <summary>Makes every page of a query hold two items, as one of DynamoDB does where items are large.</summary>
internal sealed class SmallPages(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int PageSize = 2;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.GetValues("X-Amz-Target").Single().EndsWith(".Query", StringComparison.Ordinal))
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            body["Limit"] ??= PageSize;
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0");
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
