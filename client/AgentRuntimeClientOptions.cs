namespace AgentRuntime.Client;

/// <summary>How to reach a front door.</summary>
public sealed class AgentRuntimeClientOptions
{
    internal const int DefaultMaxReconnects = 60;
    internal static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Its address, for example <c>http://127.0.0.1:5101</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Gives the bearer token for one call. Asked again for each call and each reconnection, so that a long watch outlives a token.</summary>
    public required Func<CancellationToken, ValueTask<string>> Token { get; init; }

    /// <summary>How long one call may take, its repetitions included. Default 30 s.</summary>
    public TimeSpan Deadline { get; init; } = DefaultDeadline;

    /// <summary>How often a watch tries to reconnect without getting anything in between. 0 to 1,000; default 60, about two minutes.</summary>
    public int MaxReconnects { get; init; } = DefaultMaxReconnects;
}
