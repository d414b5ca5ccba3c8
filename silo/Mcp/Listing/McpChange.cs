using AgentRuntime.Common;
using AgentRuntime.Tools;

namespace AgentRuntime.Mcp.Listing;

/// <summary>One thing that a server's list says differently than a contract.</summary>
/// <param name="Part"><c>entry</c>, <c>description</c>, or a place in <c>inputSchema</c> or <c>outputSchema</c>.</param>
/// <param name="Contract">What the contract has; null when it has nothing there.</param>
/// <param name="Server">What the server says now; null when it says nothing there.</param>
internal sealed record McpChange(string Part, string? Contract, string? Server)
{
    public const int MaxChanges = 100;
    public const int MaxShownChars = 500;

    private const int Summarised = 5;

    /// <summary>What differs; empty while the list says of the tool what the contract was made from.</summary>
    public static IReadOnlyList<McpChange> Find(ToolContract contract, McpToolList list)
    {
        if (contract.Invoker is not McpInvoker mcp) return [];
        if (list.Find(contract.WireName) is not { } entry) return [new McpChange("entry", contract.WireName, null)];
        if (entry.Hash == mcp.EntryHash) return [];
        if (entry.Refusal is { } refusal) return [new McpChange("entry", contract.WireName, $"{refusal.Field} {refusal.Reason}")];
        var changes = new List<McpChange>();
        var description = entry.DescriptionFor(mcp.Server);
        if (description != contract.Description) changes.Add(new McpChange("description", contract.Description, description));
        changes.AddRange(JsonDifference.Of("inputSchema", contract.InputSchema, entry.InputSchema));
        changes.AddRange(JsonDifference.Of("outputSchema", contract.OutputSchema, entry.OutputSchema));

        // The contract may have been edited until it says what the server says now: it is still not what was reviewed.
        if (changes.Count == 0) changes.Add(new McpChange("entry", mcp.EntryHash, entry.Hash));
        return changes.Count <= MaxChanges ? changes : changes[..MaxChanges];
    }

    /// <summary>The changes in one line, for a message.</summary>
    public static string Summary(IReadOnlyList<McpChange> changes)
    {
        var parts = changes.Take(Summarised).Select(change => change switch
        {
            { Part: "entry", Server: null } => "it is gone",
            { Server: null } => $"{Shown.Text(change.Part)} is gone",
            { Contract: null } => $"{Shown.Text(change.Part)} is new",
            _ => $"{Shown.Text(change.Part)} differs",
        });
        return string.Join(", ", parts) + (changes.Count > Summarised ? $" and {changes.Count - Summarised} more" : "");
    }
}
