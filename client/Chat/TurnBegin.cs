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

    /// <summary>Whether nobody knows how much of the turn was read before.</summary>
    public bool IsGuess { get; private init; }

    /// <summary>The turn goes on after the last record of it that was read.</summary>
    public static TurnBegin After(long seq) => new(seq + 1, requestId: null);

    /// <summary>The turn goes on with what comes, as far as anybody knows.</summary>
    public static TurnBegin ProbablyAfter(long seq) => After(seq) with { IsGuess = true };

    /// <summary>The turn begins with the input that a request gave to the run.</summary>
    public static TurnBegin At(string requestId) => new(seq: null, requestId);

    /// <summary>The same, or where the turn begins if this input begins it.</summary>
    /// <param name="seq">The record of the input.</param>
    /// <param name="requestId">The request that gave it.</param>
    public TurnBegin Heard(long seq, string requestId) => Seq is null && requestId == _requestId ? this with { Seq = seq } : this;
}
