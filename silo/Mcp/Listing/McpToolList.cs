using System.Collections.Frozen;

namespace AgentRuntime.Mcp.Listing;

/// <summary>A server's list of tools as it was read.</summary>
internal sealed class McpToolList(IReadOnlyList<McpEntry> entries)
{
    private readonly FrozenDictionary<string, McpEntry> _byName =
        entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).Where(same => same.Count() == 1).ToFrozenDictionary(same => same.Key, same => same.Single(), StringComparer.Ordinal);

    public IReadOnlyList<McpEntry> Entries => entries;

    /// <summary>The tool with this name; null when the list does not have it, or has it twice, so that nobody knows which is meant.</summary>
    public McpEntry? Find(string wireName) => _byName.GetValueOrDefault(wireName);
}
