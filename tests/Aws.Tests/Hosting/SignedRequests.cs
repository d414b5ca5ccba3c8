using System.Collections.Concurrent;
using System.Text;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>What a silo sends to DynamoDB and S3, and the access key that signs it.</summary>
internal sealed class SignedRequests
{
    /// <summary>The key in the environment of silos on stand-ins.</summary>
    public const string OwnKey = "test";

    private readonly ConcurrentQueue<Sent> _all = [];

    public IReadOnlyList<Sent> All => [.. _all];

    public HttpMessageHandler Watch(HttpMessageHandler inner) => new Watching(inner, _all);

    /// <param name="Key">The access key.</param>
    /// <param name="Text">The body of a request to DynamoDB, the path and query of one to S3.</param>
    /// <param name="IsOfS3">Which of the two it is.</param>
    internal sealed record Sent(string Key, string Text, bool IsOfS3)
    {
        /// <summary>Whether it has a key of the tenant: a partition, or the name of an object.</summary>
        public bool Names(string tenant) => IsOfS3
            ? Text.Contains($"/{tenant}/", StringComparison.Ordinal) || Text.Contains($"prefix={tenant}", StringComparison.Ordinal)
            : Text.Contains($"\"T#{tenant}#", StringComparison.Ordinal);
    }

    private sealed class Watching(HttpMessageHandler inner, ConcurrentQueue<Sent> all) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryGetValues("Authorization", out var authorization);
            var key = (authorization?.FirstOrDefault() ?? "").Split("Credential=")[^1].Split('/')[0];
            var isJson = request.Headers.TryGetValues("X-Amz-Target", out var target);
            var isForm = request.Content?.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded";
            if (isJson && target!.First().StartsWith("DynamoDB", StringComparison.Ordinal))
                all.Enqueue(new Sent(key, Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken)), IsOfS3: false));
            else if (!isJson && !isForm)
                all.Enqueue(new Sent(key, request.RequestUri!.PathAndQuery, IsOfS3: true));
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
