namespace AgentRuntime.Testing.Aws;

/// <summary>A line to AWS over which nothing goes any more once it is cut, as from a silo that was killed.</summary>
internal sealed class CutLine(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly CancellationTokenSource _cut = new();

    public Task CutAsync() => _cut.CancelAsync();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        try
        {
            return await base.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested)
        {
            throw new HttpRequestException("The line is cut.");
        }
    }
}
