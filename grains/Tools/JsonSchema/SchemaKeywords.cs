using System.Collections.Frozen;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>What each keyword compiles to (JSON Schema 2020-12, core and validation). A keyword that is not here is refused by name.</summary>
internal static class SchemaKeywords
{
    // 2020-12 has format and the content keywords say what a value means, not what it must be.
    private static readonly FrozenSet<string> Annotations = new[]
    {
        "title", "description", "default", "examples", "$comment", "deprecated", "readOnly", "writeOnly", "format", "contentEncoding",
        "contentMediaType",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Action<KeywordSite, JsonElement>> Rules =
        ValueKeywords.Rules.Concat(ObjectKeywords.Rules).Concat(ArrayKeywords.Rules).Concat(CompositionKeywords.Rules).Concat(ReferenceKeywords.Rules)
            .Append(new("contentSchema", (site, _) => site.Subschema("contentSchema")))
            .ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsAnnotation(string keyword) => Annotations.Contains(keyword);

    public static void Compile(KeywordSite site)
    {
        if (site.IsDraft07)
            Draft07Keywords.RefuseWhatIsIgnored(site);
        foreach (var keyword in site.Location.Schema.EnumerateObject())
        {
            if (IsAnnotation(keyword.Name))
                continue;
            if ((!site.IsDraft07 || !Draft07Keywords.Rules.TryGetValue(keyword.Name, out var rule)) && !Rules.TryGetValue(keyword.Name, out rule))
                throw site.Refuse(keyword.Name, $"keyword '{keyword.Name}' is not supported.");
            rule(site, keyword.Value);
        }

        site.Node.Seal();
    }
}
