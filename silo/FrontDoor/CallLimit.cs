namespace AgentRuntime.FrontDoor;

/// <summary>
/// How long a unary call may take, whichever way it came. What serves the call sees one token that ends with the caller, with its deadline and with
/// this limit.
/// </summary>
internal sealed class CallLimit : IDisposable
{
    private readonly HttpContext _http;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _gone;

    private CallLimit(HttpContext http, TimeSpan limit, TimeProvider time)
    {
        (_http, _caller) = (http, http.RequestAborted);
        _over = new CancellationTokenSource(limit, time);
        _gone = _caller.UnsafeRegister(static over => ((CancellationTokenSource)over!).Cancel(), _over);
        http.RequestAborted = _over.Token;
        http.Features.Set(this);
    }

    /// <summary>Whether the time is over, and the caller is there to be told.</summary>
    public bool IsOver => _over.IsCancellationRequested && !_caller.IsCancellationRequested;

    public static CallLimit Begin(HttpContext http, TimeSpan limit, TimeProvider time) => new(http, limit, time);

    /// <summary>Ends the limit of a call, if it has one: what is still to be done is to answer.</summary>
    public static CallLimit? Lift(HttpContext http)
    {
        if (http.Features.Get<CallLimit>() is not { } limit) return null;
        http.RequestAborted = limit._caller;
        return limit;
    }

    public void Dispose()
    {
        _http.RequestAborted = _caller;
        _gone.Dispose();
        _over.Dispose();
    }
}
