using System.Text.Json.Nodes;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema.Ajv;

/// <summary>Documents of the same few names and values that <see cref="SchemaGenerator"/> uses, so that schemas have something to say about them.</summary>
internal sealed class DocumentGenerator(Random random)
{
    public static readonly string[] Names = ["a", "b", "c", "ab", "é", "a/b"];

    public static readonly string[] Strings = ["", "a", "b", "ab", "abc", "a1", "é", "😀", "😀a", "1", "A b"];

    // One number has several spellings; all of them are exact in binary, for Ajv knows no others.
    public static readonly string[] Numbers = ["0", "1", "1.0", "10e-1", "2", "-1", "0.5", "1.5", "3", "4", "6.0", "-0.5", "1e2"];

    /// <summary>Documents for a schema: most look as if they were meant for it.</summary>
    public JsonNode?[] For(JsonNode schema, int count) => [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? Any(3) : Fitting(schema, 4))];

    public JsonNode? Any(int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 or 3 => Number(),
        4 => Text(),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(depth - 1))]),
        _ => new JsonObject(Names.Where(_ => random.Next(3) == 0).Select(name => KeyValuePair.Create(name, Any(depth - 1)))),
    };

    public JsonNode Number() => JsonNode.Parse(Pick(Numbers))!;

    public JsonNode Text() => Pick(Strings);

    /// <summary>A document that is likelier than any other to fit: it follows types, members and items, and is careless about the rest.</summary>
    public JsonNode? Fitting(JsonNode? schema, int depth)
    {
        if (schema is not JsonObject rules || depth == 0 || random.Next(12) == 0)
            return Any(depth);
        if (rules["const"] is { } constant)
            return constant.DeepClone();
        if (rules["enum"] is JsonArray { Count: > 0 } values)
            return values[random.Next(values.Count)]?.DeepClone();
        var inPlace = InPlace(rules).ToList();
        var document = Type(rules) switch
        {
            "null" => null,
            "boolean" => random.Next(2) == 0,
            "number" or "integer" => Number(),
            "string" => Text(),
            "array" => Array(rules, depth),
            "object" => Object(rules, depth),
            _ => inPlace.Count > 0 ? Fitting(inPlace[random.Next(inPlace.Count)], depth) : Any(depth),
        };
        foreach (var other in inPlace.Where(_ => document is JsonObject))
            Merge((JsonObject)document!, Fitting(other, depth) as JsonObject);
        return document;
    }

    private static IEnumerable<JsonNode?> InPlace(JsonObject rules) =>
        new[] { "allOf", "anyOf", "oneOf" }.SelectMany(keyword => rules[keyword] as JsonArray ?? [])
            .Concat(new[] { "if", "then", "else" }.Select(keyword => rules[keyword]).Where(schema => schema is not null));

    private string? Type(JsonObject rules) => rules["type"] switch
    {
        JsonArray { Count: > 0 } types => types[random.Next(types.Count)]!.GetValue<string>(),
        JsonValue type => type.GetValue<string>(),
        _ when rules.Any(rule => rule.Key.EndsWith("roperties", StringComparison.Ordinal) || rule.Key == "required") => "object",
        _ when rules.Any(rule => rule.Key.EndsWith("tems", StringComparison.Ordinal)) => "array",
        _ => null,
    };

    private JsonArray Array(JsonObject rules, int depth)
    {
        var items = new JsonArray();
        foreach (var schema in rules["prefixItems"] as JsonArray ?? [])
            items.Add(Fitting(schema, depth - 1));
        for (var more = random.Next(3); more > 0; more--)
            items.Add(Fitting(rules["items"] ?? rules["contains"] ?? rules["unevaluatedItems"], depth - 1));
        return items;
    }

    private JsonObject Object(JsonObject rules, int depth)
    {
        var members = new JsonObject();
        foreach (var (name, schema) in rules["properties"] as JsonObject ?? [])
        {
            if (random.Next(3) > 0)
                members[name] = Fitting(schema, depth - 1);
        }

        foreach (var name in rules["required"] as JsonArray ?? [])
            members.TryAdd(name!.GetValue<string>(), Any(depth - 1));
        if (random.Next(4) == 0)
            members[Pick(Names)] = Fitting(rules["additionalProperties"] ?? rules["unevaluatedProperties"], depth - 1);
        return members;
    }

    private static void Merge(JsonObject into, JsonObject? from)
    {
        foreach (var (name, value) in from ?? [])
            into.TryAdd(name, value?.DeepClone());
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
