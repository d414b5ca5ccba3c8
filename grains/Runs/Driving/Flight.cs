namespace AgentRuntime.Runs.Driving;

/// <summary>Whether a model or tool call of the run is under way.</summary>
internal enum Flight
{
    /// <summary>Nothing is: what comes next follows from the state.</summary>
    None,

    /// <summary>Something is: its outcome decides what comes next.</summary>
    Open,
}
