using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Keywords for any value, for strings and for numbers.</summary>
internal static class ValueKeywords
{
    public static readonly Dictionary<string, Action<KeywordSite, JsonElement>> Rules = new(StringComparer.Ordinal)
    {
        ["type"] = (site, value) => site.Node.Types = Types(site, value),
        ["enum"] = (site, value) => site.Values.SetEnum(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= SchemaLimits.MaxEnumValues
            ? value
            : throw site.Refuse("enum", $"must be an array of at most {SchemaLimits.MaxEnumValues} values.")),
        ["const"] = (site, value) => site.Values.SetConst(value),
        ["minLength"] = (site, value) => site.Strings.MinLength = site.Count(value, "minLength"),
        ["maxLength"] = (site, value) => site.Strings.MaxLength = site.Count(value, "maxLength"),
        ["pattern"] = Pattern,
        ["minimum"] = (site, value) => Number(site, "minimum", NumberBoundKind.Minimum, value),
        ["maximum"] = (site, value) => Number(site, "maximum", NumberBoundKind.Maximum, value),
        ["exclusiveMinimum"] = (site, value) => Number(site, "exclusiveMinimum", NumberBoundKind.ExclusiveMinimum, value),
        ["exclusiveMaximum"] = (site, value) => Number(site, "exclusiveMaximum", NumberBoundKind.ExclusiveMaximum, value),
        ["multipleOf"] = (site, value) => Number(site, "multipleOf", NumberBoundKind.MultipleOf, value),
    };

    private static JsonTypes Types(KeywordSite site, JsonElement value)
    {
        var names = value.ValueKind == JsonValueKind.String ? [value.GetString()!] : site.Names(value, "type").ToArray();
        var types = JsonTypes.None;
        foreach (var name in names)
        {
            var type = JsonTypesExtensions.Parse(name);
            types |= type != JsonTypes.None ? type : throw site.Refuse("type", $"'{name}' is no type.");
        }

        if (types == JsonTypes.None)
            throw site.Refuse("type", "must name a type.");
        return (types & JsonTypes.Number) != 0 ? types | JsonTypes.Integer : types;
    }

    private static void Pattern(KeywordSite site, JsonElement value)
    {
        site.Strings.PatternText = site.Text(value, "pattern");
        site.Strings.Pattern = site.Pattern(site.Strings.PatternText, "pattern");
    }

    private static void Number(KeywordSite site, string keyword, NumberBoundKind kind, JsonElement value)
    {
        var rules = site.Node.Numbers ??= new NumberRules();
        if (value.ValueKind != JsonValueKind.Number || !rules.TryAdd(kind, value))
            throw site.Refuse(keyword, kind == NumberBoundKind.MultipleOf ? "must be a number above 0." : "must be a number of ordinary size.");
    }
}
