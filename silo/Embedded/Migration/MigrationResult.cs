namespace AgentRuntime.Embedded.Migration;

/// <summary>What a migration did.</summary>
/// <param name="From">Format of the folder before.</param>
/// <param name="To">Format of the folder now.</param>
/// <param name="UnknownRuns">Runs whose agent could not be found, or whose beginning could not be read, so that they are kept for ever.</param>
internal sealed record MigrationResult(int From, int To, long UnknownRuns);
