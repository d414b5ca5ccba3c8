namespace AgentRuntime.Tools;

/// <summary>How a silo keeps the tools that its runs call.</summary>
internal sealed class ToolDirectoryOptions
{
    public const string SectionName = "Tools:Directory";

    /// <summary>
    /// Milliseconds until a tool's status is asked for again. 50 to 1,000; default 1,000. Less makes a block effective sooner and costs one
    /// grain call more per tool and silo.
    /// </summary>
    public int StatusAgeMs { get; set; } = 1_000;

    /// <summary>Versions kept compiled. 16 to 100,000; default 4,096, about 20 KB each. Fewer saves memory and compiles again.</summary>
    public int MaxVersions { get; set; } = 4_096;

    /// <summary>No status older than this is ever used.</summary>
    internal TimeSpan MaxStatusAge => TimeSpan.FromMilliseconds(StatusAgeMs * 1.8);
}
