namespace AgentRuntime.Common;

/// <summary>How risk levels are spelt in manifests and messages.</summary>
internal static class RiskNames
{
    public const string All = "read, write, write-high or critical";

    public static string Of(RiskLevel risk) => risk switch
    {
        RiskLevel.Read => "read",
        RiskLevel.Write => "write",
        RiskLevel.WriteHigh => "write-high",
        RiskLevel.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(risk), risk, "No such risk level."),
    };

    public static RiskLevel? Parse(string text) => text switch
    {
        "read" => RiskLevel.Read,
        "write" => RiskLevel.Write,
        "write-high" => RiskLevel.WriteHigh,
        "critical" => RiskLevel.Critical,
        _ => null,
    };
}
