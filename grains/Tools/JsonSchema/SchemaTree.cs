using System.Collections.Frozen;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Finds the subschemas of a document, and what of them has an address or an anchor.</summary>
internal sealed class SchemaTree(SchemaLibrary library, Uri? document)
{
    private static readonly FrozenSet<string> HoldOne = new[]
    {
        "additionalProperties", "additionalItems", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> HoldLists = new[] { "allOf", "anyOf", "oneOf", "prefixItems" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> HoldMaps = new[]
    {
        "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Walks a document.</summary>
    /// <param name="schema">Its text.</param>
    /// <param name="address">What it is called unless it says itself.</param>
    public SchemaLocation Read(JsonElement schema, Uri address)
    {
        var root = new SchemaLocation(null, "", schema);
        root.Resource = new SchemaResource(address, root, SchemaDialect.Draft202012, document);
        Walk(root, depth: 0);
        return root;
    }

    private void Walk(SchemaLocation at, int depth)
    {
        library.Count(at, depth);
        if (at.Schema.ValueKind != JsonValueKind.Object)
            return;
        SchemaIdentity.Read(library, at, isRoot: depth == 0);
        foreach (var keyword in at.Schema.EnumerateObject())
        {
            foreach (var below in Subschemas(at, keyword.Name, keyword.Value))
                Walk(below, depth + 1);
        }
    }

    private static IEnumerable<SchemaLocation> Subschemas(SchemaLocation at, string keyword, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when HoldLists.Contains(keyword) || keyword == "items" =>
            value.EnumerateArray().Select((schema, i) => at.Add($"{keyword}/{i}", schema)),
        JsonValueKind.Object when HoldMaps.Contains(keyword) =>

            // A list in dependencies holds names.
            value.EnumerateObject().Where(m => keyword != "dependencies" || m.Value.ValueKind != JsonValueKind.Array)
                .Select(m => at.Add($"{keyword}/{SchemaPointer.Escape(m.Name)}", m.Value)),
        not JsonValueKind.Array when HoldOne.Contains(keyword) => [at.Add(keyword, value)],
        _ => [],
    };
}
