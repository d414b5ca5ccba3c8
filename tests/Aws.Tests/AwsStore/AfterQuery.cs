namespace AgentRuntime.Aws.Tests.AwsStore;

/// <summary>Does something else between a query and what its asker does next.</summary>
internal sealed class AfterQuery
{
    private Func<Task>? _meanwhile;

    /// <summary>Wraps a client's handler.</summary>
    public HttpMessageHandler Wrap(HttpMessageHandler inner) => new Handler(this, inner);

    /// <summary>Runs once, after the next query was answered.</summary>
    public void Arm(Func<Task> meanwhile) => Volatile.Write(ref _meanwhile, meanwhile);

    private sealed class Handler(AfterQuery plan, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Headers.GetValues("X-Amz-Target").Single().EndsWith(".Query", StringComparison.Ordinal) && Interlocked.Exchange(ref plan._meanwhile, null) is { } meanwhile)
                await meanwhile();
            return response;
        }
    }
}
