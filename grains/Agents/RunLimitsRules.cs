using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>The ranges of <see cref="RunLimits"/>. Each upper end keeps what one run may cost the cluster finite.</summary>
internal static class RunLimitsRules
{
    /// <exception cref="InvalidInputException">A limit is out of its range; the message names it.</exception>
    public static void Check(RunLimits limits)
    {
        Require("maxSteps", limits.MaxSteps, 1, 100_000);
        Require("maxWallSeconds", limits.MaxWallSeconds, 1, 31_536_000);
        Require("maxTokens", limits.MaxTokens, 1, 1_000_000_000_000);
        Require("maxToolCalls", limits.MaxToolCalls, 0, 1_000_000);
        Require("maxFanOut", limits.MaxFanOut, 1, 64);
        Require("maxPayloadBytes", limits.MaxPayloadBytes, 1_024, 64 * 1024 * 1024);
        Require("maxAttemptsPerCall", limits.MaxAttemptsPerCall, 1, 10);
        Require("maxRetriesPerRun", limits.MaxRetriesPerRun, 0, 10_000);
        Require("modelTimeoutSeconds", limits.ModelTimeoutSeconds, 1, 3_600);
        Require("approvalSeconds", limits.ApprovalSeconds, 1, 31_536_000);
    }

    private static void Require(string name, long value, long min, long max)
    {
        if (value < min || value > max) throw new InvalidInputException($"limits.{name}", $"must be {min} to {max}, not {value}.");
    }
}
