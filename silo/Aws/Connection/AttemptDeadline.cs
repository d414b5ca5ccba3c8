namespace AgentRuntime.Aws.Connection;

/// <summary>Ends an attempt that takes too long, as the timeout of HttpClient would; but a long poll of SQS is meant to take long.</summary>
internal sealed class AttemptDeadline(HttpMessageHandler inner, TimeSpan timeout) : DelegatingHandler(inner)
{
    private const string LongPoll = "AmazonSQS.ReceiveMessage";

    // SQS's limit of a long poll.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(20);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isPoll = request.Headers.TryGetValues("X-Amz-Target", out var targets) && targets.Contains(LongPoll);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(isPoll ? timeout + LongestPoll : timeout);
        try
        {
            return await base.SendAsync(request, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException($"No answer came within {timeout}.", new TimeoutException());
        }
    }
}
