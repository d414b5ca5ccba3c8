namespace AgentRuntime.Chaos.Kill.Plants;

/// <summary>A part of the test host that is replaced by a broken one, to see whether the harness notices.</summary>
internal static class Plant
{
    /// <summary>A writer that was fenced off appends at the new head.</summary>
    public const string NoFence = "no-fence";

    /// <summary>Appends are acknowledged a moment before they are written.</summary>
    public const string AckBeforeWrite = "ack-before-write";

    /// <summary>Each attempt of a call has another idempotency key.</summary>
    public const string AttemptInKey = "attempt-in-key";

    /// <summary>Nobody looks for runs whose silo is gone.</summary>
    public const string SkipRecovery = "skip-recovery";

    /// <summary>A new owner makes a dead owner's at-most-once call as if it had never begun.</summary>
    public const string InheritOwner = "inherit-owner";

    public static IReadOnlyList<string> All { get; } = [NoFence, AckBeforeWrite, AttemptInKey, SkipRecovery, InheritOwner];
}
