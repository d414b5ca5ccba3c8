using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Keywords for objects.</summary>
internal static class ObjectKeywords
{
    public static readonly Dictionary<string, Action<KeywordSite, JsonElement>> Rules = new(StringComparer.Ordinal)
    {
        ["properties"] = Properties,
        ["patternProperties"] = PatternProperties,
        ["additionalProperties"] = (site, _) => site.Objects.Additional = site.Subschema("additionalProperties"),
        ["propertyNames"] = (site, _) => site.Objects.PropertyNames = site.Subschema("propertyNames"),
        ["required"] = Required,
        ["minProperties"] = (site, value) => site.Objects.Presence.MinProperties = site.Count(value, "minProperties"),
        ["maxProperties"] = (site, value) => site.Objects.Presence.MaxProperties = site.Count(value, "maxProperties"),
        ["dependentRequired"] = DependentRequired,
        ["dependentSchemas"] = DependentSchemas,
        ["unevaluatedProperties"] = (site, _) => site.Unevaluated.Properties = site.Subschema("unevaluatedProperties"),
    };

    /// <summary>Asks for names when another is there.</summary>
    public static void AddDependentRequired(KeywordSite site, string keyword, string name, JsonElement needs) =>
        site.Objects.Presence.AddDependentRequired(site.Objects.Track(name), [.. site.Names(needs, keyword).Select(site.Objects.Track)]);

    /// <summary>Applies a schema when a name is there.</summary>
    public static void AddDependentSchema(KeywordSite site, string name, SchemaNode schema) =>
        site.Objects.Presence.AddDependentSchema(site.Objects.Track(name), schema);

    public static void CheckNames(KeywordSite site, string keyword)
    {
        if (site.Objects.NameCount > SchemaLimits.MaxNames)
            throw site.Refuse(keyword, $"one object schema may mention at most {SchemaLimits.MaxNames} names.");
    }

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
            site.Objects.Presence.Require(site.Objects.Track(name));
        CheckNames(site, "required");
    }

    private static void DependentRequired(KeywordSite site, JsonElement value)
    {
        foreach (var member in site.Map(value, "dependentRequired"))
            AddDependentRequired(site, "dependentRequired", member.Name, member.Value);
        CheckNames(site, "dependentRequired");
    }

    private static void DependentSchemas(KeywordSite site, JsonElement value)
    {
        foreach (var (name, schema) in site.SubschemaMap(value, "dependentSchemas"))
            AddDependentSchema(site, name, schema);
        CheckNames(site, "dependentSchemas");
    }
}
