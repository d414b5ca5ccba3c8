using AgentRuntime.Agents;

namespace AgentRuntime.FrontDoor.Agents;

/// <summary>Limits as they stand on the wire: what is absent there has its default here.</summary>
internal static class RunLimitsMapping
{
    public static V1.RunLimits ToWire(RunLimits limits) => new()
    {
        MaxSteps = limits.MaxSteps,
        MaxWallSeconds = limits.MaxWallSeconds,
        MaxTokens = limits.MaxTokens,
        MaxToolCalls = limits.MaxToolCalls,
        MaxFanOut = limits.MaxFanOut,
        MaxPayloadBytes = limits.MaxPayloadBytes,
        MaxAttemptsPerCall = limits.MaxAttemptsPerCall,
        MaxRetriesPerRun = limits.MaxRetriesPerRun,
        ModelTimeoutSeconds = limits.ModelTimeoutSeconds,
        ApprovalSeconds = limits.ApprovalSeconds,
    };

    public static RunLimits FromWire(V1.RunLimits limits)
    {
        var byDefault = new RunLimits();
        return new RunLimits
        {
            MaxSteps = limits.HasMaxSteps ? limits.MaxSteps : byDefault.MaxSteps,
            MaxWallSeconds = limits.HasMaxWallSeconds ? limits.MaxWallSeconds : byDefault.MaxWallSeconds,
            MaxTokens = limits.HasMaxTokens ? limits.MaxTokens : byDefault.MaxTokens,
            MaxToolCalls = limits.HasMaxToolCalls ? limits.MaxToolCalls : byDefault.MaxToolCalls,
            MaxFanOut = limits.HasMaxFanOut ? limits.MaxFanOut : byDefault.MaxFanOut,
            MaxPayloadBytes = limits.HasMaxPayloadBytes ? limits.MaxPayloadBytes : byDefault.MaxPayloadBytes,
            MaxAttemptsPerCall = limits.HasMaxAttemptsPerCall ? limits.MaxAttemptsPerCall : byDefault.MaxAttemptsPerCall,
            MaxRetriesPerRun = limits.HasMaxRetriesPerRun ? limits.MaxRetriesPerRun : byDefault.MaxRetriesPerRun,
            ModelTimeoutSeconds = limits.HasModelTimeoutSeconds ? limits.ModelTimeoutSeconds : byDefault.ModelTimeoutSeconds,
            ApprovalSeconds = limits.HasApprovalSeconds ? limits.ApprovalSeconds : byDefault.ApprovalSeconds,
        };
    }
}
