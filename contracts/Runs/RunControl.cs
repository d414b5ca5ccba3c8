namespace AgentRuntime.Runs;

/// <summary>What to do with a run.</summary>
public enum RunControl
{
    /// <summary>Take no further step until resumed.</summary>
    Pause = 1,

    /// <summary>Go on.</summary>
    Resume = 2,

    /// <summary>Stop; tell what runs to stop.</summary>
    Cancel = 3,

    /// <summary>Stop at once.</summary>
    Kill = 4,
}
