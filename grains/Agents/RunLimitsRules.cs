using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>The ranges of <see cref="RunLimits"/>. Each upper end keeps what one run may cost the cluster finite.</summary>
internal static class RunLimitsRules
{
    /// <exception cref="InvalidInputException">A limit is out of its range; the message names it.</exception>
    public static void Check(RunLimits limits)
    {
        Require("max_steps", limits.MaxSteps, 1, 100_000);
        Require("max_wall_seconds", limits.MaxWallSeconds, 1, 31_536_000);
        Require("max_tokens", limits.MaxTokens, 1, 1_000_000_000_000);
        Require("max_tool_calls", limits.MaxToolCalls, 0, 1_000_000);
        Require("max_fan_out", limits.MaxFanOut, 1, 64);
        Require("max_payload_bytes", limits.MaxPayloadBytes, 1_024, 64 * 1024 * 1024);
        Require("max_attempts_per_call", limits.MaxAttemptsPerCall, 1, 10);
        Require("max_retries_per_run", limits.MaxRetriesPerRun, 0, 10_000);
        Require("model_timeout_seconds", limits.ModelTimeoutSeconds, 1, 3_600);
        Require("approval_seconds", limits.ApprovalSeconds, 1, 31_536_000);
    }

    private static void Require(string name, long value, long min, long max)
    {
        if (value < min || value > max) throw new InvalidInputException($"limits.{name}", $"must be {min} to {max}, not {value}.");
    }
}
