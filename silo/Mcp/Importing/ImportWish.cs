namespace AgentRuntime.Mcp.Importing;

/// <summary>What all drafts of one import have in common and no server can say.</summary>
/// <param name="DataClasses">The classes of data that the tools may see.</param>
/// <param name="TimeoutMs">Milliseconds for one attempt; null is the default.</param>
/// <param name="Host">Host and port of the server's endpoint; null when it is a process.</param>
internal sealed record ImportWish(IReadOnlyList<string> DataClasses, int? TimeoutMs, string? Host);
