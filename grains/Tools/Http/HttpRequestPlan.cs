using System.Buffers;
using System.Text.Json;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Tools.Http;

/// <summary>What one call asks for: arguments that the URL names stand in it; the rest is the query of GET and DELETE, and the body of others.</summary>
/// <param name="Url">The filled URL.</param>
/// <param name="Body">JSON; null for none.</param>
internal sealed record HttpRequestPlan(EgressUrl Url, byte[]? Body)
{
    /// <exception cref="AgentRuntime.Common.InvalidInputException">An argument cannot stand in a URL.</exception>
    public static HttpRequestPlan For(HttpInvoker http, UrlTemplate template, JsonElement arguments)
    {
        var used = template.Names.ToHashSet(StringComparer.Ordinal);
        var rest = arguments.EnumerateObject().Where(a => !used.Contains(a.Name));
        if (http.Method is "GET" or "DELETE")
            return new HttpRequestPlan(template.Fill(arguments, rest.SelectMany(Query)), null);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var argument in rest)
                argument.WriteTo(json);
            json.WriteEndObject();
        }

        return new HttpRequestPlan(template.Fill(arguments, []), buffer.WrittenSpan.ToArray());
    }

    // A list is its parameter repeated; an object has no agreed form in a query and stays JSON.
    private static IEnumerable<KeyValuePair<string, string>> Query(JsonProperty argument) => argument.Value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => argument.Value.EnumerateArray().Select(item => KeyValuePair.Create(argument.Name, Text(item))),
        _ => [KeyValuePair.Create(argument.Name, Text(argument.Value))],
    };

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
