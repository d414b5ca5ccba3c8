namespace AgentRuntime.Testing.Aws;

/// <summary>Refuses every Scan before it is sent, and remembers that there was one. No table of ours is ever read whole.</summary>
internal sealed class NoScan(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static int _scans;

    /// <summary>Scans of this process so far.</summary>
    public static int Count => Volatile.Read(ref _scans);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isScan = request.Headers.TryGetValues("X-Amz-Target", out var targets) && targets.Any(target => target.EndsWith(".Scan", StringComparison.Ordinal));
        if (!isScan) return base.SendAsync(request, cancellationToken);
        Interlocked.Increment(ref _scans);
        throw new InvalidOperationException("A request scans a table.");
    }
}
