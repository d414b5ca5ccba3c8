namespace AgentRuntime.Mcp;

/// <summary>How messages follow each other in a stream.</summary>
internal enum MessageLimit
{
    /// <summary>One message is all there is.</summary>
    Whole,

    /// <summary>One line each.</summary>
    Line,

    /// <summary>Separated by blank lines, as server-sent events are.</summary>
    Event,
}
