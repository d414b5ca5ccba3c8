namespace AgentRuntime.Client.Chat;

/// <summary>Where a turn begins among the records of its run. What was recorded before answers somebody else.</summary>
internal sealed record TurnBegin
{
    private readonly string? _requestId;

    private TurnBegin(long? seq, string? requestId) => (Seq, _requestId) = (seq, requestId);

    /// <summary>The run was started for the turn.</summary>
    public static TurnBegin AtFirst { get; } = new(0, requestId: null);

    /// <summary>The first record of the turn; null while it is not known.</summary>
    public long? Seq { get; private init; }

    /// <summary>The turn begins with what comes.</summary>
    public static TurnBegin After(long seq) => new(seq + 1, requestId: null);

    /// <summary>The turn begins with the input that a request gave to the run.</summary>
    public static TurnBegin At(string requestId) => new(seq: null, requestId);

    /// <summary>The same, or where the turn begins if this input begins it.</summary>
    /// <param name="seq">The record of the input.</param>
    /// <param name="requestId">The request that gave it.</param>
    public TurnBegin Heard(long seq, string requestId) => Seq is null && requestId == _requestId ? this with { Seq = seq } : this;
}
