using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The types of JSON Schema as a set.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    Number = 16,
    String = 32,
    Integer = 64,
    Any = 127,
}

internal static class JsonTypesExtensions
{
    public static JsonTypes Parse(string name) => name switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "object" => JsonTypes.Object,
        "array" => JsonTypes.Array,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "integer" => JsonTypes.Integer,
        _ => JsonTypes.None,
    };

    /// <summary>The type of a kind of value; for numbers it takes the value to know whether they are integers.</summary>
    public static JsonTypes Of(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => JsonTypes.Object,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Number => JsonTypes.Number,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Null => JsonTypes.Null,
        _ => JsonTypes.None,
    };

    public static string Describe(this JsonTypes types) =>
        string.Join(" or ", Enum.GetValues<JsonTypes>().Where(t => int.IsPow2((int)t) && types.HasFlag(t)).Select(t => t.ToString().ToLowerInvariant()));

    public static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
