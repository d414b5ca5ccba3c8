namespace AgentRuntime.Chaos.Kill.Effects;

/// <summary>One line of the recorder's file.</summary>
/// <param name="IsEffect">The effect happened now; false: the call arrived.</param>
/// <param name="Key">The idempotency key that the call carried.</param>
/// <param name="Digest">Digest of the arguments.</param>
/// <param name="Run">Run, step and call by the arguments.</param>
/// <param name="Step">See <paramref name="Run"/>.</param>
/// <param name="Call">See <paramref name="Run"/>.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Attempt">Which attempt the caller says that it is.</param>
internal sealed record EffectLine(bool IsEffect, string Key, string Digest, int Run, int Step, int Call, string Tool, int Attempt);
