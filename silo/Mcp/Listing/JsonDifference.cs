using System.Runtime.InteropServices;
using System.Text.Json;
using AgentRuntime.Tools.JsonSchema;

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
            var (was, now) = (Members(one), Members(other));
            foreach (var name in was.Keys.Concat(now.Keys.Where(name => !was.ContainsKey(name))).TakeWhile(_ => found.Count < McpChange.MaxChanges))
                Walk($"{at}/{Escape(name)}", Member(was, name), Member(now, name), found);
        }
        else if (before is { ValueKind: JsonValueKind.Array } list && after is { ValueKind: JsonValueKind.Array } others)
        {
            // An array of JSON is walked from its start for each item that is asked by number.
            var (was, now) = (list.EnumerateArray().ToList(), others.EnumerateArray().ToList());
            for (var i = 0; i < Math.Max(was.Count, now.Count) && found.Count < McpChange.MaxChanges; i++) Walk($"{at}/{i}", Item(was, i), Item(now, i), found);
        }
        else if (before is not { } was || after is not { } now || !AreSame(was, now))
        {
            found.Add(new McpChange(at, before?.GetRawText(), after?.GetRawText()));
        }
    }

    // Numbers that nobody can compare are the same where they are written the same.
    private static bool AreSame(in JsonElement was, in JsonElement now)
    {
        if (was.ValueKind != JsonValueKind.Number || now.ValueKind != JsonValueKind.Number) return JsonElement.DeepEquals(was, now);
        var one = JsonMarshal.GetRawUtf8Value(was);
        var other = JsonMarshal.GetRawUtf8Value(now);
        return one.SequenceEqual(other)
            || (ExactNumber.TryParse(one, out var first) && ExactNumber.TryParse(other, out var second) && first.CompareTo(second) == 0);
    }

    private static Dictionary<string, JsonElement> Members(in JsonElement parent)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in parent.EnumerateObject()) members[member.Name] = member.Value;
        return members;
    }

    private static JsonElement? Member(Dictionary<string, JsonElement> members, string name) => members.TryGetValue(name, out var value) ? value : null;

    private static JsonElement? Item(List<JsonElement> list, int i) => i < list.Count ? list[i] : null;

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
