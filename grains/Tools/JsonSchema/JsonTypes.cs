using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The types of JSON Schema as a set. Each is the bits of its kinds of values; integer is a part of one.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Object = 1 << JsonValueKind.Object,
    Array = 1 << JsonValueKind.Array,
    String = 1 << JsonValueKind.String,
    Number = 1 << JsonValueKind.Number,
    Boolean = (1 << JsonValueKind.True) | (1 << JsonValueKind.False),
    Null = 1 << JsonValueKind.Null,
    Integer = 1 << 8,
    Any = Object | Array | String | Number | Boolean | Null | Integer,
}

internal static class JsonTypesExtensions
{
    private static readonly (string Name, JsonTypes Type)[] Names =
    [
        ("null", JsonTypes.Null), ("boolean", JsonTypes.Boolean), ("object", JsonTypes.Object), ("array", JsonTypes.Array),
        ("number", JsonTypes.Number), ("string", JsonTypes.String), ("integer", JsonTypes.Integer),
    ];

    /// <summary>Whether all values of a kind are in the set.</summary>
    public static bool Allows(this JsonTypes types, JsonValueKind kind) => ((int)types & (1 << (int)kind)) != 0;

    public static JsonTypes Parse(string name) => Array.Find(Names, n => n.Name == name).Type;

    public static string Describe(this JsonTypes types) => string.Join(" or ", Names.Where(n => types.HasFlag(n.Type)).Select(n => n.Name));

    public static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
