namespace AgentRuntime.FrontDoor.Overload;

/// <summary>What the gate says to a call.</summary>
internal enum Entry
{
    /// <summary>It may go on, and leaves when it is done.</summary>
    Granted,

    /// <summary>Too many wait already, or a caller with a smaller share came later.</summary>
    Full,

    /// <summary>Its turn did not come in time.</summary>
    Late,
}
