namespace AgentRuntime.Benchmarks.Scale;

/// <summary>What one silo of a cluster is to do.</summary>
/// <param name="InFlight">Runs that it starts at once.</param>
/// <param name="WarmUpSeconds">Seconds before what is measured.</param>
/// <param name="Seconds">Seconds that are measured.</param>
internal sealed record SiloPlan(int InFlight, int WarmUpSeconds, int Seconds);
