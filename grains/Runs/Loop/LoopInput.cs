namespace AgentRuntime.Runs.Loop;

/// <summary>What a decision may depend on besides the state.</summary>
/// <param name="Now">Wall time.</param>
/// <param name="LiveOwners">The silo generations that are not known to be dead.</param>
internal readonly record struct LoopInput(DateTimeOffset Now, IReadOnlySet<string> LiveOwners);
