using System.Globalization;
using System.Text.Json;

namespace AgentRuntime.Models.Rules;

/// <summary>A way into a JSON value: <c>$</c>, then <c>.name</c> and <c>[index]</c> as often as needed.</summary>
internal sealed class JsonPath
{
    private readonly IReadOnlyList<(string? Name, int Index)> _steps;

    private JsonPath(IReadOnlyList<(string?, int)> steps) => _steps = steps;

    /// <summary>Whether it means the whole value: then a result that is no JSON is seen as well.</summary>
    public bool IsWhole => _steps.Count == 0;

    public static JsonPath? Parse(string text)
    {
        if (text.Length == 0 || text[0] != '$') return null;
        var steps = new List<(string?, int)>();
        for (var at = 1; at < text.Length;)
        {
            var end = at + 1;
            if (text[at] == '.')
            {
                while (end < text.Length && text[end] is not ('.' or '[')) end++;
                if (end == at + 1) return null;
                steps.Add((text[(at + 1)..end], 0));
            }
            else
            {
                end = text.IndexOf(']', at) + 1;
                if (text[at] != '[' || end == 0
                    || !int.TryParse(text.AsSpan(at + 1, end - at - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                    return null;
                steps.Add((null, index));
            }

            at = end;
        }

        return new JsonPath(steps);
    }

    /// <summary>The value, or null when there is nothing, or null, at the end of the way.</summary>
    public JsonElement? Find(JsonElement root)
    {
        var value = root;
        foreach (var (name, index) in _steps)
        {
            if (name is null)
            {
                if (value.ValueKind != JsonValueKind.Array || index >= value.GetArrayLength()) return null;
                value = value[index];
            }
            else if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return null;
            }
        }

        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : value;
    }
}
