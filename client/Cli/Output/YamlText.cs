using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentRuntime.Cli.Output;

/// <summary>A value as a YAML 1.2 document. Text that is not plainly a word stands in double quotes, with everything escaped that a terminal might obey.</summary>
internal static partial class YamlText
{
    private static readonly string[] NoStrings = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    public static string Of(JsonNode? value)
    {
        var yaml = new StringBuilder();
        Write(yaml, value, depth: 0, afterKey: false);
        return yaml.ToString().TrimEnd('\n');
    }

    private static void Write(StringBuilder yaml, JsonNode? value, int depth, bool afterKey)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                if (afterKey) yaml.Append('\n');
                var isFirst = !afterKey;
                foreach (var (key, field) in fields)
                {
                    // The first field stands behind the dash of its list, where there is one.
                    if (!isFirst) yaml.Append(' ', depth * 2);
                    isFirst = false;
                    yaml.Append(Scalar(key)).Append(':');
                    Write(yaml, field, depth + 1, afterKey: true);
                }

                break;
            case JsonArray { Count: > 0 } items:
                if (afterKey) yaml.Append('\n');
                var isFirstItem = !afterKey;
                foreach (var item in items)
                {
                    if (!isFirstItem) yaml.Append(' ', depth * 2);
                    isFirstItem = false;
                    yaml.Append("- ");
                    Write(yaml, item, depth + 1, afterKey: false);
                }

                break;
            default:
                if (afterKey) yaml.Append(' ');
                yaml.Append(Leaf(value)).Append('\n');
                break;
        }
    }

    private static string Leaf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when value.GetValueKind() == JsonValueKind.String => Scalar(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string Scalar(string text) => Word().IsMatch(text) && !NoStrings.Contains(text, StringComparer.OrdinalIgnoreCase) ? text : Quoted(text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') quoted.Append('\\').Append((char)rune.Value);
            else if (rune.Value == '\n') quoted.Append("\\n");
            else if (Safe.IsPlain(rune)) quoted.Append(rune.ToString());
            else if (rune.IsBmp) quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z_/][A-Za-z0-9_./-]*\z")]
    private static partial Regex Word();
}
