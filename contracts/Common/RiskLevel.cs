namespace AgentRuntime.Common;

/// <summary>How much harm a tool can do. The order is the scale: an agent's risk scope is the highest level it may use.</summary>
public enum RiskLevel
{
    /// <summary>Changes nothing.</summary>
    Read = 1,

    /// <summary>Changes something that is easily put right.</summary>
    Write = 2,

    /// <summary>Changes something that matters; one person approves each call.</summary>
    WriteHigh = 3,

    /// <summary>Cannot be put right; two people approve each call, freshly logged in.</summary>
    Critical = 4,
}
