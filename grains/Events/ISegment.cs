namespace AgentRuntime.Events;

/// <summary>What one delivery added to what a subscriber keeps.</summary>
internal interface ISegment
{
    /// <summary>1, 2, 3 ...; 0 where nothing was written yet.</summary>
    long Number { get; }
}
