namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>Callers of one kind: each has a connection and one call under way at a time.</summary>
/// <param name="Name">How the figures of this group are found.</param>
/// <param name="Tenant">Whose they are.</param>
/// <param name="Token">Their credential.</param>
/// <param name="Callers">How many they are.</param>
/// <param name="Gets">Whether they get runs that were started before, or start runs.</param>
/// <param name="PauseMs">What a caller waits between two calls.</param>
/// <param name="IsPatient">Whether who is refused waits as RetryInfo says, or comes back at once.</param>
internal sealed record DriveGroup(string Name, string Tenant, string Token, int Callers, bool Gets = false, int PauseMs = 0, bool IsPatient = true);

/// <summary>What the callers do at the same time, and for how long.</summary>
internal sealed record DrivePlan(string Endpoint, double Seconds, IReadOnlyList<DriveGroup> Groups);
