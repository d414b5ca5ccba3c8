using System.Text.Json;

namespace AgentRuntime.Mcp.Listing;

/// <summary>Where two JSON texts differ, as JSON pointers (RFC 6901), at most <see cref="McpChange.MaxChanges"/> of them.</summary>
internal static class JsonDifference
{
    public static IReadOnlyList<McpChange> Of(string part, string? before, string? after)
    {
        var found = new List<McpChange>();
        Walk(part, Parse(before), Parse(after), found);
        return found;
    }

    private static JsonElement? Parse(string? json) => json is null ? null : JsonElement.Parse(json);

    private static void Walk(string at, JsonElement? before, JsonElement? after, List<McpChange> found)
    {
        if (found.Count >= McpChange.MaxChanges || (before is null && after is null)) return;
        if (before is { ValueKind: JsonValueKind.Object } one && after is { ValueKind: JsonValueKind.Object } other)
        {
            var names = one.EnumerateObject().Concat(other.EnumerateObject()).Select(member => member.Name).Distinct(StringComparer.Ordinal);
            foreach (var name in names) Walk($"{at}/{Escape(name)}", Member(one, name), Member(other, name), found);
            return;
        }

        if (before is { ValueKind: JsonValueKind.Array } list && after is { ValueKind: JsonValueKind.Array } others)
        {
            for (var i = 0; i < Math.Max(list.GetArrayLength(), others.GetArrayLength()); i++) Walk($"{at}/{i}", Item(list, i), Item(others, i), found);
            return;
        }

        if (before is { } was && after is { } now && JsonElement.DeepEquals(was, now)) return;
        found.Add(new McpChange(at, before?.GetRawText(), after?.GetRawText()));
    }

    private static JsonElement? Member(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement? Item(JsonElement list, int i) => i < list.GetArrayLength() ? list[i] : null;

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
