using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Keywords for arrays.</summary>
internal static class ArrayKeywords
{
    public static readonly Dictionary<string, Action<KeywordSite, JsonElement>> Rules = new(StringComparer.Ordinal)
    {
        ["prefixItems"] = (site, value) => site.Arrays.PrefixItems = site.SubschemaList(value, "prefixItems"),
        ["items"] = (site, value) => site.Arrays.Items = value.ValueKind == JsonValueKind.Array
            ? throw site.Refuse("items", "must be one schema; 2020-12 calls a list of schemas prefixItems.")
            : site.Subschema("items"),
        ["contains"] = (site, _) => site.Arrays.Contains = site.Subschema("contains"),
        ["minContains"] = (site, value) => site.Arrays.MinContains = site.Count(value, "minContains"),
        ["maxContains"] = (site, value) => site.Arrays.MaxContains = site.Count(value, "maxContains"),
        ["minItems"] = (site, value) => site.Arrays.MinItems = site.Count(value, "minItems"),
        ["maxItems"] = (site, value) => site.Arrays.MaxItems = site.Count(value, "maxItems"),
        ["uniqueItems"] = (site, value) => site.Arrays.UniqueItems = value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw site.Refuse("uniqueItems", "must be true or false."),
        ["unevaluatedItems"] = (site, _) => site.Unevaluated.Items = site.Subschema("unevaluatedItems"),
    };
}
