namespace AgentRuntime.Chaos.Kill;

/// <summary>What is done to the silos at one moment.</summary>
internal enum StrikeKind
{
    /// <summary>kill -9 of one silo.</summary>
    One,

    /// <summary>kill -9 of all at once.</summary>
    All,

    /// <summary>kill -9 of one, and again while it starts.</summary>
    DuringStart,

    /// <summary>kill -9 of all, and only one comes back for a while.</summary>
    LoneSurvivor,

    /// <summary>One is frozen until the others hold it to be dead, and goes on then.</summary>
    Freeze,
}

/// <summary>One entry of the plan.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Number">Its place in the plan; the dice are thrown by it.</param>
internal sealed record Strike(StrikeKind Kind, int Number)
{
    public int Kills => Kind switch
    {
        StrikeKind.Freeze => 0,
        StrikeKind.DuringStart => 2,
        _ => 1,
    };
}
