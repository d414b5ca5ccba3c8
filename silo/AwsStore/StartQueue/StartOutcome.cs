namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>What has become of a message.</summary>
internal abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>Its run is there, durably.</summary>
    public sealed record Started : StartOutcome;

    /// <summary>It will never start a run.</summary>
    public sealed record Refused(string Reason) : StartOutcome;

    /// <summary>It may start its run later.</summary>
    /// <param name="Reason">Why not now.</param>
    /// <param name="IsOverload">Whether other messages would not start theirs now either.</param>
    public sealed record Later(string Reason, bool IsOverload) : StartOutcome;
}
