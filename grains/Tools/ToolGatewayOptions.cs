namespace AgentRuntime.Tools;

/// <summary>The bounds of every tool call.</summary>
internal sealed class ToolGatewayOptions
{
    public const string SectionName = "Tools:Gateway";

    /// <summary>Bytes (UTF-8) of a result. 1 KiB to 64 MiB; default 16 MiB. A larger result is a failure of the tool.</summary>
    public int MaxResultBytes { get; set; } = 16 * 1_024 * 1_024;

    /// <summary>
    /// Milliseconds that a tool gets to stop after its time is up or the run was cancelled. 0 to 2,000; default 100. More keeps answers that
    /// come at the last moment, and holds up cancelling.
    /// </summary>
    public int StopGraceMs { get; set; } = 100;
}
