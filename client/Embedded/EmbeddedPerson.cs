namespace AgentRuntime.Client.Embedded;

/// <summary>A person for whom the program vouches, and since when.</summary>
internal sealed record EmbeddedPerson(string Name, string[] Roles, DateTimeOffset AuthenticatedAt);
