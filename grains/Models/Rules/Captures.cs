using System.Text;
using System.Text.Json;

namespace AgentRuntime.Models.Rules;

/// <summary>What a rule has taken from the conversation while it was matched.</summary>
internal sealed class Captures
{
    private readonly Dictionary<string, (string Text, JsonElement? Json)> _values = new(StringComparer.Ordinal);

    public void Set(string name, string text) => _values[name] = (WellFormed(text), null);

    public void Set(string name, JsonElement json) => _values[name] = (ConversationFacts.TextOf(json), json);

    public string Text(string name) => _values[name].Text;

    /// <summary>The value as it was in the result, or the text as a JSON string.</summary>
    public JsonElement Json(string name) => _values[name] switch
    {
        (_, { } json) => json,
        var (text, _) => JsonSerializer.SerializeToElement(text),
    };

    // Half a surrogate pair, from a text that was cut or made to hurt, cannot be written as JSON.
    private static string WellFormed(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
