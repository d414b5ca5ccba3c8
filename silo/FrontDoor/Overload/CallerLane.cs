namespace AgentRuntime.FrontDoor.Overload;

/// <summary>Where a call waits.</summary>
/// <param name="Share">Whose share of the places it counts against.</param>
/// <param name="Source">Who waits behind whom within that share.</param>
internal readonly record struct CallerLane(string Share, string Source)
{
    /// <summary>The only lane of a share.</summary>
    public static CallerLane Of(string share) => new(share, "");
}
