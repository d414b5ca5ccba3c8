namespace AgentRuntime.Cli.Session;

/// <summary>What the command line says about who speaks; null or empty where it says nothing.</summary>
internal sealed record LoginChoice(string? Name, IReadOnlyList<string> Roles, string? Tenant, bool IsService, string? DataFolder);
