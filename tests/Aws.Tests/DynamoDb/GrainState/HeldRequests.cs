namespace AgentRuntime.Aws.Tests.DynamoDb.GrainState;

/// <summary>Keeps a request back as a slow network does: its sender gives up, and it arrives later.</summary>
internal sealed class HeldRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private HttpRequestMessage? _held;

    public bool HoldNext { get; set; }

    /// <summary>Lets the request arrive, and says whether it was accepted.</summary>
    public async Task<bool> ReleaseAsync()
    {
        using var response = await base.SendAsync(_held!, TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!HoldNext) return await base.SendAsync(request, cancellationToken);
        HoldNext = false;
        _held = new HttpRequestMessage(request.Method, request.RequestUri) { Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken)) };
        foreach (var (name, values) in request.Headers) _held.Headers.TryAddWithoutValidation(name, values);
        foreach (var (name, values) in request.Content.Headers) _held.Content.Headers.TryAddWithoutValidation(name, values);
        throw new TaskCanceledException("No answer came in time.", new TimeoutException());
    }
}
