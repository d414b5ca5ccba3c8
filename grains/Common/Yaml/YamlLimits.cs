namespace AgentRuntime.Common.Yaml;

/// <summary>What a YAML text may cost to read. A manifest is written by hand: who needs more has made a mistake.</summary>
internal static class YamlLimits
{
    public const int MaxBytes = 256 * 1024;
    public const int MaxDepth = 32;
    public const int MaxNodes = 20_000;
    public const int MaxDocuments = 200;
}
