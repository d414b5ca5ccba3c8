namespace AgentRuntime.Mcp.Listing;

/// <summary>Why an entry of a server's list cannot be a tool.</summary>
/// <param name="Field">The part that is wrong.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record McpRefusal(string Field, string Reason);
