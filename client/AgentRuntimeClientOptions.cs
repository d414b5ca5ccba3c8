namespace AgentRuntime.Client;

/// <summary>How to reach a front door. A client takes a copy of what it needs: changes after it was made change nothing.</summary>
public sealed class AgentRuntimeClientOptions
{
    internal const int DefaultMaxReconnects = 60;
    internal static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    /// <summary>Required. The address of the front door, for example <c>http://127.0.0.1:5101</c>. Other than on loopback it must be https, because a token travels with each call.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Required. Gives the bearer token for one call. Asked again for each call, each repetition and each reconnection, so that a long watch outlives a token.</summary>
    public Func<CancellationToken, ValueTask<string>>? Token { get; set; }

    /// <summary>
    /// The tenant that the token speaks for. Where a method takes the name of a resource its id is then enough: <c>refunds</c> for
    /// <c>tenants/demo/agents/refunds</c>. The server takes the tenant from the token, whatever stands here. Null asks for whole names.
    /// </summary>
    public string? Tenant { get; set; }

    /// <summary>How long one call may take, its repetitions included. Above 0, at most 1 hour; default 30 s. A stream has no deadline: it ends by cancellation.</summary>
    public TimeSpan Deadline { get; set; } = DefaultDeadline;

    /// <summary>
    /// For how long a call that found nobody, or that the server asks to repeat, is repeated. 0 to 1 hour; default 10 s, which is more than the
    /// restart of a silo takes. Longer hides an outage for longer. Nothing is done twice by it, see <see cref="AgentRuntimeClient"/>.
    /// </summary>
    public TimeSpan Patience { get; set; } = DefaultPatience;

    /// <summary>How often a watch tries to reconnect without getting anything in between. 0 to 1,000; default 60, about two minutes.</summary>
    public int MaxReconnects { get; set; } = DefaultMaxReconnects;

    /// <exception cref="ArgumentException">An option is missing or out of its range; the message names it and the fix.</exception>
    internal void Require()
    {
        if (Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) throw Wrong(nameof(Endpoint), "is no address; write it like http://127.0.0.1:5101");
        if (Endpoint is { Scheme: "http", IsLoopback: false }) throw Wrong(nameof(Endpoint), $"{Endpoint} would carry the token in clear text; use https");
        if (Token is null) throw Wrong(nameof(Token), "is not set; give a function that returns a bearer token");
        if (Deadline <= TimeSpan.Zero || Deadline > TimeSpan.FromHours(1)) throw Wrong(nameof(Deadline), "must be above 0 and at most 1 hour");
        if (Patience < TimeSpan.Zero || Patience > TimeSpan.FromHours(1)) throw Wrong(nameof(Patience), "must be 0 to 1 hour");
        if (MaxReconnects is < 0 or > 1_000) throw Wrong(nameof(MaxReconnects), "must be 0 to 1,000");
    }

    private static ArgumentException Wrong(string option, string what) => new($"{nameof(AgentRuntimeClientOptions)}.{option} {what}.");
}
