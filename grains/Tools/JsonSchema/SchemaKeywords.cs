using System.Collections.Frozen;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>What each keyword compiles to (JSON Schema 2020-12, core and validation). A keyword that is not here is refused by name.</summary>
internal static class SchemaKeywords
{
    private static readonly FrozenSet<string> Annotations = new[]
    {
        "title", "description", "default", "examples", "$comment", "deprecated", "readOnly", "writeOnly", "format", "contentEncoding",
        "contentMediaType",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Draft-07 does not know these and would ignore them: whoever declares draft-07 and uses them means something else than is written.
    private static readonly FrozenSet<string> NewerThanDraft07 = new[]
    {
        "prefixItems", "dependentRequired", "dependentSchemas", "minContains", "maxContains", "$anchor",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Action<KeywordSite, JsonElement>> Rules =
        ValueKeywords.Rules.Concat(ObjectKeywords.Rules).Concat(ArrayKeywords.Rules).Concat(CompositionKeywords.Rules)
            .ToFrozenDictionary(StringComparer.Ordinal);

    public static void Compile(KeywordSite site, string keyword, JsonElement value)
    {
        if (Annotations.Contains(keyword))
            return;
        if (!Rules.TryGetValue(keyword, out var rule))
            throw site.Refuse(keyword, $"keyword '{keyword}' is not supported.");
        if (site.Compiler.IsDraft07 && NewerThanDraft07.Contains(keyword))
            throw site.Refuse(keyword, $"keyword '{keyword}' has no meaning in draft-07; declare 2020-12.");
        rule(site, value);
    }

    public static bool IsDraft07(KeywordSite site, JsonElement dialect) => (dialect.ValueKind == JsonValueKind.String ? dialect.GetString() : null) switch
    {
        "https://json-schema.org/draft/2020-12/schema" or "https://json-schema.org/draft/2020-12/schema#" => false,
        "http://json-schema.org/draft-07/schema#" or "http://json-schema.org/draft-07/schema"
            or "https://json-schema.org/draft-07/schema#" or "https://json-schema.org/draft-07/schema" => true,
        _ => throw site.Refuse("$schema", "only 2020-12 and draft-07 are supported."),
    };

    /// <summary>Whether anything but references and annotations stands in a subschema.</summary>
    public static bool HasOtherRules(JsonElement schema) => schema.EnumerateObject().Any(m =>
        !Annotations.Contains(m.Name) && m.Name is not ("$ref" or "$defs" or "definitions" or "$schema" or "$id"));
}
