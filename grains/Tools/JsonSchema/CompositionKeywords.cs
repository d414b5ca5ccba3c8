using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Keywords that combine, name and refer to subschemas.</summary>
internal static class CompositionKeywords
{
    public static readonly Dictionary<string, Action<KeywordSite, JsonElement>> Rules = new(StringComparer.Ordinal)
    {
        ["$schema"] = (site, _) => RequireRoot(site, "$schema"),
        ["$id"] = (site, _) => RequireRoot(site, "$id"),
        ["$anchor"] = Anchor,
        ["$ref"] = Reference,
        ["$defs"] = (site, value) => Walk(site.SubschemaMap(value, "$defs")),
        ["definitions"] = (site, value) => Walk(site.SubschemaMap(value, "definitions")),
        ["allOf"] = (site, value) => site.Composition.AllOf.AddRange(site.SubschemaList(value, "allOf")),
        ["anyOf"] = (site, value) => site.Composition.AnyOf.AddRange(site.SubschemaList(value, "anyOf")),
        ["oneOf"] = (site, value) => site.Composition.OneOf.AddRange(site.SubschemaList(value, "oneOf")),
        ["not"] = (site, value) => site.Composition.Not = site.Subschema(value, "not"),
        ["if"] = (site, value) => site.Composition.If = site.Subschema(value, "if"),
        ["then"] = (site, value) => site.Composition.Then = site.Subschema(value, "then"),
        ["else"] = (site, value) => site.Composition.Else = site.Subschema(value, "else"),
    };

    // Below the root it would change what every reference under it means.
    private static void RequireRoot(KeywordSite site, string keyword)
    {
        if (site.Pointer.Length > 0)
            throw site.Refuse(keyword, $"keyword '{keyword}' is supported only at the root.");
    }

    private static void Anchor(KeywordSite site, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } name || name.Contains('/', StringComparison.Ordinal))
            throw site.Refuse("$anchor", "must be a name.");
        site.Compiler.AddAnchor(name, site.Node);
    }

    private static void Reference(KeywordSite site, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not ['#', ..] reference)
            throw site.Refuse("$ref", "keyword '$ref' is supported only into the same schema ('#...').");
        _ = site.Composition;
        site.Compiler.AddReference(site.Node, reference);
    }

    private static void Walk(IEnumerable<(string Name, SchemaNode Schema)> definitions)
    {
        foreach (var _ in definitions)
        {
            // Compiling is what counts: references find the nodes by their place.
        }
    }
}
