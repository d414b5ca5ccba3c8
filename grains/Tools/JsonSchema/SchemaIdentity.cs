using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords by which a subschema is found: $schema, $id, $anchor, $dynamicAnchor, and $id as draft-07 has it.</summary>
internal static partial class SchemaIdentity
{
    public static void Read(SchemaLibrary library, SchemaLocation at, bool isRoot)
    {
        var id = Text(library, at, "$id");
        var dialect = at.Schema.TryGetProperty("$schema", out var declared)
            ? Dialect(library, at, declared)
            : at.Resource.Dialect;

        // Draft-07 ignores what stands beside $ref.
        if (dialect == SchemaDialect.Draft07 && at.Schema.TryGetProperty("$ref", out _))
            id = null;
        var (address, fragment) = SchemaAddress.Split(id ?? "");
        if (isRoot || address.Length > 0)
            Begin(library, at, address, dialect);
        else if (declared.ValueKind != JsonValueKind.Undefined)
            throw library.Refuse(at, "$schema", "keyword '$schema' is supported only at the root and beside $id.");

        if (fragment is { Length: > 0 })
        {
            if (dialect != SchemaDialect.Draft07 || address.Length > 0)
                throw library.Refuse(at, "$id", "must have no fragment; $anchor gives a name inside a schema.");
            Anchor(library, at, "$id", fragment);
        }

        if (dialect == SchemaDialect.Draft202012 && Text(library, at, "$anchor") is { } anchor)
            Anchor(library, at, "$anchor", anchor);
        if (dialect == SchemaDialect.Draft202012 && Text(library, at, "$dynamicAnchor") is { } dynamicAnchor)
        {
            Anchor(library, at, "$dynamicAnchor", dynamicAnchor);
            at.Resource.AddDynamicAnchor(dynamicAnchor, at);
        }
    }

    private static void Begin(SchemaLibrary library, SchemaLocation at, string address, SchemaDialect dialect)
    {
        var outer = at.Resource;
        var resolved = outer.Address;
        if (address.Length > 0 && !SchemaAddress.TryResolve(outer.Address, address, out resolved))
            throw library.Refuse(at, "$id", $"'{address}' is no URI.");
        at.Resource = new SchemaResource(resolved, at, dialect, outer.Document);
        if (!library.TryAdd(at.Resource))
            throw library.Refuse(at, "$id", $"'{resolved}' is there twice.");
    }

    private static void Anchor(SchemaLibrary library, SchemaLocation at, string keyword, string name)
    {
        if (!AnchorName().IsMatch(name))
            throw library.Refuse(at, keyword, "must be a name: a letter or _, then letters, digits, '-', '_' and '.'.");

        // One subschema may have the same name as $anchor and $dynamicAnchor.
        if (!at.Resource.TryAddAnchor(name, at) && at.Resource.Anchors[name] != at)
            throw library.Refuse(at, keyword, $"the name '{name}' is there twice.");
    }

    private static string? Text(SchemaLibrary library, SchemaLocation at, string keyword)
    {
        if (!at.Schema.TryGetProperty(keyword, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw library.Refuse(at, keyword, "must be a string.");
    }

    private static SchemaDialect Dialect(SchemaLibrary library, SchemaLocation at, JsonElement declared) =>
        (declared.ValueKind == JsonValueKind.String ? declared.GetString()!.TrimEnd('#') : null) switch
        {
            "https://json-schema.org/draft/2020-12/schema" => SchemaDialect.Draft202012,
            "http://json-schema.org/draft-07/schema" or "https://json-schema.org/draft-07/schema" => SchemaDialect.Draft07,
            _ => throw library.Refuse(at, "$schema", "only 2020-12 and draft-07 are supported."),
        };

    [GeneratedRegex(@"^[A-Za-z_][-A-Za-z0-9._]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex AnchorName();
}
