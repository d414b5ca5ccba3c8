using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Keywords that name subschemas and refer to them.</summary>
internal static class ReferenceKeywords
{
    public static readonly Dictionary<string, Action<KeywordSite, JsonElement>> Rules = new(StringComparer.Ordinal)
    {
        // What gives names was read before; see SchemaIdentity.
        ["$schema"] = (_, _) => { },
        ["$id"] = (_, _) => { },
        ["$anchor"] = (_, _) => { },
        ["$dynamicAnchor"] = (_, _) => { },

        // What is defined is compiled where it is used, and once in any case.
        ["$defs"] = (site, value) => site.Map(value, "$defs"),
        ["definitions"] = (site, value) => site.Map(value, "definitions"),
        ["$ref"] = (site, value) => site.Composition.Ref = site.Compiler.Node(
            site.Compiler.Library.Resolve(site.Location, "$ref", site.Text(value, "$ref"), out _), site.Scope),
        ["$dynamicRef"] = DynamicReference,
        ["$vocabulary"] = Vocabulary,
    };

    private static void DynamicReference(KeywordSite site, JsonElement value)
    {
        var target = site.Compiler.Library.Resolve(site.Location, "$dynamicRef", site.Text(value, "$dynamicRef"), out var anchor);
        if (anchor is not null)
            target = site.Scope.Find(anchor) ?? target;
        site.Composition.DynamicRef = site.Compiler.Node(target, site.Scope);
    }

    // It says of a metaschema what schemas under it may use; $schema names ours only, so nothing follows from it.
    private static void Vocabulary(KeywordSite site, JsonElement value)
    {
        foreach (var member in site.Map(value, "$vocabulary"))
        {
            if (member.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                throw site.Refuse("$vocabulary", "must say true or false of each vocabulary.");
        }
    }
}
