using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Keywords for objects.</summary>
internal static class ObjectKeywords
{
    public static readonly Dictionary<string, Action<KeywordSite, JsonElement>> Rules = new(StringComparer.Ordinal)
    {
        ["properties"] = Properties,
        ["patternProperties"] = PatternProperties,
        ["additionalProperties"] = (site, value) => site.Objects.Additional = site.Subschema(value, "additionalProperties"),
        ["propertyNames"] = (site, value) => site.Objects.PropertyNames = site.Subschema(value, "propertyNames"),
        ["required"] = Required,
        ["minProperties"] = (site, value) => site.Objects.MinProperties = site.Count(value, "minProperties"),
        ["maxProperties"] = (site, value) => site.Objects.MaxProperties = site.Count(value, "maxProperties"),
        ["dependentRequired"] = DependentRequired,
        ["dependentSchemas"] = DependentSchemas,
    };

    private static void Properties(KeywordSite site, JsonElement value)
    {
        foreach (var (name, schema) in site.SubschemaMap(value, "properties"))
            site.Objects.AddProperty(name, schema);
        CheckNames(site, "properties");
    }

    private static void PatternProperties(KeywordSite site, JsonElement value)
    {
        foreach (var (pattern, schema) in site.SubschemaMap(value, "patternProperties"))
            site.Objects.AddPattern(site.Pattern(pattern, "patternProperties"), schema);
    }

    private static void Required(KeywordSite site, JsonElement value)
    {
        foreach (var name in site.Names(value, "required"))
            site.Objects.Require(name);
        CheckNames(site, "required");
    }

    private static void DependentRequired(KeywordSite site, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw site.Refuse("dependentRequired", "must be an object of arrays of names.");
        foreach (var member in value.EnumerateObject())
            site.Objects.AddDependentRequired(member.Name, site.Names(member.Value, "dependentRequired"));
        CheckNames(site, "dependentRequired");
    }

    private static void DependentSchemas(KeywordSite site, JsonElement value)
    {
        foreach (var (name, schema) in site.SubschemaMap(value, "dependentSchemas"))
            site.Objects.AddDependentSchema(name, schema);
        CheckNames(site, "dependentSchemas");
    }

    private static void CheckNames(KeywordSite site, string keyword)
    {
        if (site.Objects.NameCount > SchemaLimits.MaxNames)
            throw site.Refuse(keyword, $"one object schema may mention at most {SchemaLimits.MaxNames} names.");
    }
}
