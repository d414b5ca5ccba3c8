using System.Security.Cryptography;
using System.Text.Json;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.Driving;

/// <summary>Turns the calls of a model's reply into their recorded form.</summary>
internal static class CallArguments
{
    private const int MaxMalformedChars = 4 * 1024;

    public static RequestedCall Read(FunctionCallContent call, int index)
    {
        var id = string.IsNullOrEmpty(call.CallId) ? $"call-{index}" : call.CallId;
        if (call.Exception is not null)
            return new RequestedCall(id, call.Name, null, Cut(call.Arguments is { Count: > 0 } ? string.Join(", ", call.Arguments.Values) : call.Exception.Message));
        try
        {
            return new RequestedCall(id, call.Name, Encode(call.Arguments));
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return new RequestedCall(id, call.Name, null, Cut(failure.Message));
        }
    }

    /// <summary>SHA-256 of the arguments' JSON in the journal's spelling, 64 hex digits: the same before and after a reload.</summary>
    public static string Hash(JsonElement? arguments) => Convert.ToHexStringLower(SHA256.HashData(JsonScratch.Write(arguments, static (json, value) =>
    {
        if (value is { } element) element.WriteTo(json);
        else json.WriteNullValue();
    })));

    private static JsonElement Encode(IDictionary<string, object?>? arguments) => JsonElement.Parse(JsonScratch.Write(arguments, static (json, values) =>
    {
        json.WriteStartObject();
        if (values is not null)
        {
            foreach (var (name, value) in values)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }
        }

        json.WriteEndObject();
    }));

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case JsonElement element: element.WriteTo(json); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            default: JsonSerializer.Serialize(json, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType())); break;
        }
    }

    private static string Cut(string text) => text.Length <= MaxMalformedChars ? text : text[..MaxMalformedChars];
}
