using System.Net;
using System.Text;

namespace AgentRuntime.Aws.Tests.DynamoDb.Membership;

/// <summary>Answers transactions as DynamoDB does when it has not decided them: DynamoDB Local never does.</summary>
internal sealed class CancelledTransactions(HttpMessageHandler inner, Func<string?> next) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isTransaction = request.Headers.GetValues("X-Amz-Target").Single().EndsWith(".TransactWriteItems", StringComparison.Ordinal);
        if (!isTransaction || next() is not { } code) return base.SendAsync(request, cancellationToken);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = new StringContent(
                $$"""
                {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled",
                 "CancellationReasons":[{"Code":"{{code}}","Message":"m"},{"Code":"None"}]}
                """,
                Encoding.UTF8,
                "application/x-amz-json-1.0"),
        });
    }
}
