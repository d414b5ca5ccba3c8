using AgentRuntime.AwsStore;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Tables that were taken over.</summary>
/// <param name="Tables">Which.</param>
/// <param name="Cluster">The cluster that lives in them from now on.</param>
/// <param name="AsOf">The point in time that they show.</param>
/// <param name="PausedRuns">Open runs, each of which waits for a person.</param>
internal sealed record TableRestore(AwsTables Tables, string Cluster, DateTimeOffset AsOf, long PausedRuns);
