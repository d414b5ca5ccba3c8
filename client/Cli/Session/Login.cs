namespace AgentRuntime.Cli.Session;

/// <summary>Who the commands speak as. No secret is in it: the key stays in the data folder.</summary>
/// <param name="Name">The person, or the service.</param>
/// <param name="Roles">The roles to sign for.</param>
/// <param name="Tenant">The tenant; null for a platform operator.</param>
/// <param name="IsService">Whether the name is a service's, which cannot approve.</param>
/// <param name="DataFolder">Full path of the data folder whose key signs.</param>
/// <param name="LoggedInAt">When the person logged in (UTC).</param>
internal sealed record Login(string Name, IReadOnlyList<string> Roles, string? Tenant, bool IsService, string DataFolder, DateTimeOffset LoggedInAt);
