using System.Collections.Frozen;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords of draft-07 that 2020-12 writes otherwise, and those that only 2020-12 has.</summary>
internal static class Draft07Keywords
{
    public static readonly FrozenDictionary<string, Action<KeywordSite, JsonElement>> Rules = new Dictionary<string, Action<KeywordSite, JsonElement>>
    {
        ["items"] = Items,
        ["additionalItems"] = AdditionalItems,
        ["dependencies"] = Dependencies,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Draft-07 does not know these and would ignore them: whoever declares draft-07 and uses them means something else than is written.
    private static readonly FrozenSet<string> Newer = new[]
    {
        "$anchor", "$dynamicAnchor", "$dynamicRef", "$vocabulary", "contentSchema", "dependentRequired", "dependentSchemas", "deprecated",
        "maxContains", "minContains", "prefixItems", "unevaluatedItems", "unevaluatedProperties",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> NotRules = new[] { "$ref", "$defs", "definitions", "$schema", "$id" }.ToFrozenSet(StringComparer.Ordinal);

    /// <exception cref="Common.InvalidInputException">The subschema says what draft-07 would ignore.</exception>
    public static void RefuseWhatIsIgnored(KeywordSite site)
    {
        var hasReference = site.Location.Schema.TryGetProperty("$ref", out _);
        foreach (var keyword in site.Location.Schema.EnumerateObject())
        {
            if (Newer.Contains(keyword.Name))
                throw site.Refuse(keyword.Name, $"keyword '{keyword.Name}' has no meaning in draft-07; declare 2020-12.");
            if (hasReference && !NotRules.Contains(keyword.Name) && !SchemaKeywords.IsAnnotation(keyword.Name))
                throw site.Refuse(keyword.Name, "draft-07 ignores what stands beside $ref; move it away or declare 2020-12.");
        }
    }

    private static void Items(KeywordSite site, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            site.Arrays.Items = site.Subschema("items");
        else if (value.GetArrayLength() > 0)
            site.Arrays.PrefixItems = site.SubschemaList(value, "items");
    }

    private static void AdditionalItems(KeywordSite site, JsonElement value)
    {
        if (!site.Location.Schema.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array)
            throw site.Refuse("additionalItems", "draft-07 ignores it unless items is a list of schemas.");
        site.Arrays.Items = site.Subschema("additionalItems");
    }

    private static void Dependencies(KeywordSite site, JsonElement value)
    {
        foreach (var member in site.Map(value, "dependencies"))
        {
            if (member.Value.ValueKind == JsonValueKind.Array)
                ObjectKeywords.AddDependentRequired(site, "dependencies", member.Name, member.Value);
            else
                ObjectKeywords.AddDependentSchema(site, member.Name, site.Subschema($"dependencies/{SchemaPointer.Escape(member.Name)}"));
        }

        ObjectKeywords.CheckNames(site, "dependencies");
    }
}
