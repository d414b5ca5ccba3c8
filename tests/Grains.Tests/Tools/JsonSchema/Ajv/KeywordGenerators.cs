using System.Text.Json.Nodes;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema.Ajv;

/// <summary>What puts one keyword, or a few that belong together, into a schema.</summary>
internal static class KeywordGenerators
{
    private static readonly string[] Types = ["null", "boolean", "object", "array", "number", "string", "integer"];

    private static readonly string[] Patterns = ["^a", "b$", "^[a-c]+$", "\\d", "^.{1,2}$", "^\\p{L}+$", "[^a]", "^(?:a|b)*$", "^\\S*$", "😀|é"];

    /// <summary>Keywords without subschemas.</summary>
    public static readonly Action<SchemaSite>[] Flat = [.. ForValues(), .. ForContainers()];

    /// <summary>All keywords; those with subschemas come more often.</summary>
    public static readonly Action<SchemaSite>[] All =
        [.. Flat, .. ForMembers(), .. ForMembers(), .. ForItems(), .. ForItems(), .. Combining(), .. Combining(), .. Combining()];

    private static Action<SchemaSite>[] ForValues() =>
    [
        s => s.Schema["type"] = s.Random.Next(2) == 0 ? Pick(s, Types) : new JsonArray([.. Types.Where(_ => s.Random.Next(2) == 0).DefaultIfEmpty("object").Select(t => (JsonNode)t)]),
        s => s.Schema["type"] = Pick(s, ["object", "array"]),
        s => s.Schema["const"] = s.Generator.Values.Any(2),
        s => s.Schema["enum"] = Distinct([.. Enumerable.Range(0, s.Random.Next(1, 5)).Select(_ => s.Generator.Values.Any(1))]),
        s => s.Schema[Pick(s, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])] = s.Generator.Values.Number(),
        s => s.Schema["multipleOf"] = JsonNode.Parse(Pick(s, ["0.5", "1", "2", "1.5", "5e-1", "3.0"])),
        s => s.Schema[Pick(s, ["minLength", "maxLength"])] = s.Random.Next(4),
        s => s.Schema["pattern"] = Pick(s, Patterns),
        s => s.Schema["format"] = Pick(s, ["date-time", "ipv4", "no-such-format"]),
        s => (s.Schema["title"], s.Schema["default"], s.Schema["examples"]) = ("t", 1, new JsonArray(1)),
        s => (s.Schema["contentEncoding"], s.Schema["contentMediaType"]) = ("base64", "application/json"),
        Refer,
    ];

    private static Action<SchemaSite>[] ForContainers() =>
    [
        s => s.Schema["required"] = s.SomeNames(),
        s => s.Schema[Pick(s, ["minProperties", "maxProperties"])] = s.Random.Next(4),
        s => s.Schema["dependentRequired"] = s.Map(DocumentGenerator.Names, s.SomeNames),
        s => s.Schema[Pick(s, ["minItems", "maxItems"])] = s.Random.Next(4),
        s => s.Schema["uniqueItems"] = s.Random.Next(4) > 0,
    ];

    private static Action<SchemaSite>[] ForMembers() =>
    [
        s => Add(s, "properties", s.MayEvaluate, () => s.Map(DocumentGenerator.Names, s.Inside)),
        s => Add(s, "patternProperties", s.MayEvaluate, () => s.Map(Patterns, s.Inside)),
        s => Add(s, "additionalProperties", s.MayEvaluate, s.Inside),
        s => s.Schema["propertyNames"] = s.Inside(),
        s => Add(s, "dependentSchemas", !s.Generator.Asks, () => s.Map(DocumentGenerator.Names, s.Alternative)),
        s => Add(s, "unevaluatedProperties", s.Generator.AsksForMembers && s.MayEvaluate, s.Inside),
        s => Add(s, "unevaluatedProperties", s.Generator.AsksForMembers && s.MayEvaluate, () => false),
    ];

    private static Action<SchemaSite>[] ForItems() =>
    [
        s => Add(s, "prefixItems", s.MayEvaluate && !s.Schema.ContainsKey("contains"), () => s.List(s.Inside)),
        s => Add(s, "items", !s.Generator.AsksForItems && s.MayEvaluate, s.Inside),
        s => Contain(s),
        s => Add(s, "unevaluatedItems", s.Generator.AsksForItems && s.MayEvaluate, s.Inside),
        s => Add(s, "unevaluatedItems", s.Generator.AsksForItems && s.MayEvaluate, () => false),
    ];

    private static Action<SchemaSite>[] Combining() =>
    [
        s => s.Schema["allOf"] = s.List(s.InPlace),
        s => s.Schema["anyOf"] = s.List(s.Alternative),
        s => s.Schema["oneOf"] = s.List(s.Alternative),
        s => s.Schema["not"] = s.Alternative(),
        Decide,
        Refer,
        Layer,
        Layer,
    ];

    private static void Refer(SchemaSite site)
    {
        if (site.Generator.Reference(site) is { } reference)
            site.Schema["$ref"] = reference;
    }

    // What is left over inside is asked for again outside.
    private static void Layer(SchemaSite site)
    {
        if (!site.Generator.AsksForMembers || !site.MayEvaluate)
            return;
        var inner = new JsonObject { ["properties"] = site.Map(DocumentGenerator.Names, site.Inside) };
        if (site.Random.Next(2) == 0)
            inner["unevaluatedProperties"] = site.Inside();
        site.Schema["allOf"] = new JsonArray(inner, site.InPlace());
        site.Schema["unevaluatedProperties"] = site.Random.Next(2) == 0 ? false : site.Inside();
    }

    private static void Contain(SchemaSite site)
    {
        if (site.Generator.AsksForItems || !site.MayEvaluate || site.Schema.ContainsKey("prefixItems"))
            return;
        site.Schema["contains"] = site.Inside();
        if (site.Random.Next(2) == 0)
            site.Schema["minContains"] = site.Random.Next(3);
        if (site.Random.Next(2) == 0)
            site.Schema["maxContains"] = site.Random.Next(3);
    }

    private static void Decide(SchemaSite site)
    {
        if (site.Generator.Asks)
            return;
        site.Schema["if"] = site.Alternative();
        if (site.Random.Next(3) > 0)
            site.Schema["then"] = site.Alternative();
        if (site.Random.Next(3) > 0)
            site.Schema["else"] = site.Alternative();
    }

    private static void Add(SchemaSite site, string keyword, bool isUsed, Func<JsonNode> make)
    {
        if (isUsed)
            site.Schema[keyword] = make();
    }

    // Ajv refuses equal values in enum.
    private static JsonArray Distinct(IReadOnlyList<JsonNode?> values)
    {
        var distinct = new JsonArray();
        foreach (var value in values)
        {
            if (!distinct.Any(other => JsonNode.DeepEquals(other, value)))
                distinct.Add(value);
        }

        return distinct;
    }

    private static string Pick(SchemaSite site, IReadOnlyList<string> choices) => choices[site.Random.Next(choices.Count)];
}
