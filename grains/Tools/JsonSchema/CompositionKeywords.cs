using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Keywords that combine subschemas.</summary>
internal static class CompositionKeywords
{
    public static readonly Dictionary<string, Action<KeywordSite, JsonElement>> Rules = new(StringComparer.Ordinal)
    {
        ["allOf"] = (site, value) => site.Composition.AllOf = site.SubschemaList(value, "allOf"),
        ["anyOf"] = (site, value) => site.Composition.AnyOf = site.SubschemaList(value, "anyOf"),
        ["oneOf"] = (site, value) => site.Composition.OneOf = site.SubschemaList(value, "oneOf"),
        ["not"] = (site, _) => site.Composition.Not = site.Subschema("not"),
        ["if"] = (site, _) => site.Composition.If = site.Subschema("if"),
        ["then"] = (site, _) => site.Composition.Then = site.Subschema("then"),
        ["else"] = (site, _) => site.Composition.Else = site.Subschema("else"),
    };
}
