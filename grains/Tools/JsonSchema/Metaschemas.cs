using System.Collections.Frozen;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The schemas that describe schemas, as their specifications publish them.</summary>
internal static class Metaschemas
{
    private const string Folder = "AgentRuntime.Tools.JsonSchema.Metaschemas.";

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["https://json-schema.org/draft/2020-12/schema"] = "schema.json",
        ["https://json-schema.org/draft/2020-12/meta/core"] = "core.json",
        ["https://json-schema.org/draft/2020-12/meta/applicator"] = "applicator.json",
        ["https://json-schema.org/draft/2020-12/meta/unevaluated"] = "unevaluated.json",
        ["https://json-schema.org/draft/2020-12/meta/validation"] = "validation.json",
        ["https://json-schema.org/draft/2020-12/meta/meta-data"] = "meta-data.json",
        ["https://json-schema.org/draft/2020-12/meta/format-annotation"] = "format-annotation.json",
        ["https://json-schema.org/draft/2020-12/meta/content"] = "content.json",
        ["http://json-schema.org/draft-07/schema"] = "draft-07.json",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The text of the metaschema with an address; null when there is none.</summary>
    public static string? Find(string address)
    {
        if (!Names.TryGetValue(address, out var name))
            return null;
        using var stream = typeof(Metaschemas).Assembly.GetManifestResourceStream(Folder + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
