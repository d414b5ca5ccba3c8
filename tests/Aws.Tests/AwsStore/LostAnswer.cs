namespace AgentRuntime.Aws.Tests.AwsStore;

/// <summary>Loses the answer of one request that writes: before it is sent, or after it had its effect.</summary>
internal sealed class LostAnswer
{
    private static readonly string[] Writes = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"];

    private int _armed;

    private bool _hasEffect;

    /// <summary>Wraps a client's handler.</summary>
    public HttpMessageHandler Wrap(HttpMessageHandler inner) => new Handler(this, inner);

    /// <summary>Loses the answer of the next request that writes.</summary>
    public void Arm(bool hasEffect)
    {
        _hasEffect = hasEffect;
        Volatile.Write(ref _armed, 1);
    }

    /// <summary>Loses nothing.</summary>
    public void Disarm() => Volatile.Write(ref _armed, 0);

    public bool IsArmed => Volatile.Read(ref _armed) == 1;

    private sealed class Handler(LostAnswer plan, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[1];
            if (!Writes.Contains(operation) || Interlocked.Exchange(ref plan._armed, 0) == 0) return await base.SendAsync(request, cancellationToken);
            if (plan._hasEffect) (await base.SendAsync(request, cancellationToken)).Dispose();
            throw new HttpRequestException("The answer was lost.");
        }
    }
}
