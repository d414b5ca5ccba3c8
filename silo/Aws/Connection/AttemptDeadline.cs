namespace AgentRuntime.Aws.Connection;

/// <summary>
/// Ends an attempt that takes too long, its answer included, as the timeout of HttpClient would; but a long poll of SQS is meant to take long. Of a large
/// object of S3 each piece has to come in time.
/// </summary>
internal sealed class AttemptDeadline(HttpMessageHandler inner, TimeSpan timeout) : DelegatingHandler(inner)
{
    /// <summary>What is longer and not an answer of a JSON protocol is an object of S3: its other answers have about 1 KB for each of 1,000 keys, and do not say how long they are.</summary>
    public const int LongestWhole = 2 << 20;

    // DynamoDB reads 16 MB in one request, which as base64 in JSON are 22.
    private const int LongestAnswer = 64 << 20;

    private const string LongPoll = "AmazonSQS.ReceiveMessage";

    // SQS's limit of a long poll.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(20);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isJson = request.Headers.TryGetValues("X-Amz-Target", out var targets);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(isJson && targets!.Contains(LongPoll) ? timeout + LongestPoll : timeout);
        try
        {
            var response = await base.SendAsync(request, deadline.Token);
            if (!isJson && response is { IsSuccessStatusCode: true, Content.Headers.ContentLength: > LongestWhole })
                response.Content = await PaceAsync(response.Content, deadline.Token);
            else
                await ReadWholeAsync(response, deadline.Token);
            return response;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException($"No answer came within {timeout}.", new TimeoutException());
        }
    }

    private static async Task ReadWholeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellation);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<StreamContent> PaceAsync(HttpContent body, CancellationToken cancellation)
    {
        var paced = new StreamContent(new PacedStream(await body.ReadAsStreamAsync(cancellation), timeout));
        foreach (var (name, values) in body.Headers) paced.Headers.TryAddWithoutValidation(name, values);
        return paced;
    }
}
