using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Turns the text of a schema into nodes: walks every subschema, then joins the references, then looks at the whole.</summary>
internal sealed class SchemaCompiler
{
    private readonly string _field;
    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<(SchemaNode From, string To)> _references = [];
    private readonly Dictionary<string, SchemaNode> _anchors = new(StringComparer.Ordinal);

    private int _patterns;

    private SchemaCompiler(string field) => _field = field;

    /// <summary>Whether the schema says that it is draft-07.</summary>
    public bool IsDraft07 { get; private set; }

    public static SchemaNode Compile(string schema, string field, ObjectPolicy objects)
    {
        var compiler = new SchemaCompiler(field);
        using var document = compiler.Parse(schema);
        var root = compiler.CompileNode(document.RootElement, "", depth: 0);
        compiler.JoinReferences();
        SchemaCycles.Refuse(compiler._nodes.Values, compiler.Refuse);
        if (objects == ObjectPolicy.Closed)
            ClosedObjects.Mark(compiler._nodes.Values, root, compiler.Refuse);
        return root;
    }

    public InvalidInputException Refuse(string pointer, string message) =>
        new(_field, $"at '{(pointer.Length == 0 ? "/" : pointer)}': {message}");

    public SchemaNode CompileNode(JsonElement schema, string pointer, int depth)
    {
        if (depth > SchemaLimits.MaxDepth)
            throw Refuse(pointer, $"is nested deeper than {SchemaLimits.MaxDepth} schemas.");
        if (_nodes.Count >= SchemaLimits.MaxNodes)
            throw Refuse(pointer, $"is beyond the limit of {SchemaLimits.MaxNodes} subschemas.");
        var node = new SchemaNode(pointer);
        _nodes.Add(pointer, node);
        switch (schema.ValueKind)
        {
            case JsonValueKind.True:
                return node;
            case JsonValueKind.False:
                node.RefusesAll = true;
                return node;
            case JsonValueKind.Object:
                CompileKeywords(new KeywordSite(this, node, schema, pointer, depth));
                return node;
            default:
                throw Refuse(pointer, "a schema must be an object, true or false.");
        }
    }

    /// <summary>Counts one more regular expression: a compiled one is large.</summary>
    public bool TryAddPattern() => ++_patterns <= SchemaLimits.MaxPatterns;

    public void AddReference(SchemaNode from, string to) => _references.Add((from, to));

    public void AddAnchor(string name, SchemaNode node)
    {
        if (!_anchors.TryAdd(name, node))
            throw Refuse(node.Pointer, $"$anchor '{name}' is there twice.");
    }

    private JsonDocument Parse(string schema)
    {
        if (schema.Length > SchemaLimits.MaxSchemaChars)
            throw new InvalidInputException(_field, $"is longer than {SchemaLimits.MaxSchemaChars} characters.");
        if (SurrogatePairs.HasHalf(System.Text.Encoding.UTF8.GetBytes(schema)))
            throw new InvalidInputException(_field, "holds half of a surrogate pair, which is no text.");
        try
        {
            return JsonDocument.Parse(schema, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 2 * SchemaLimits.MaxDepth });
        }
        catch (JsonException e)
        {
            throw new InvalidInputException(_field, $"is not JSON that can be read: {e.Message}");
        }
    }

    private void CompileKeywords(KeywordSite site)
    {
        if (site.Pointer.Length == 0 && site.Schema.TryGetProperty("$schema", out var dialect))
            IsDraft07 = SchemaKeywords.IsDraft07(site, dialect);
        foreach (var member in site.Schema.EnumerateObject())
            SchemaKeywords.Compile(site, member.Name, member.Value);
        if (IsDraft07 && site.Node.Composition is { } && site.Schema.TryGetProperty("$ref", out _) && SchemaKeywords.HasOtherRules(site.Schema))
            throw Refuse(site.Pointer, "draft-07 ignores what stands beside $ref; move it away or declare 2020-12.");
        site.Node.Objects?.Seal();
    }

    private void JoinReferences()
    {
        foreach (var (from, to) in _references)
        {
            SchemaNode? target;
            if (to is "#")
                target = _nodes[""];
            else if (to.StartsWith("#/", StringComparison.Ordinal))
                _nodes.TryGetValue(Uri.UnescapeDataString(to[1..]), out target);
            else
                _anchors.TryGetValue(to[1..], out target);
            from.Composition!.Ref = target ?? throw Refuse(from.Pointer, $"$ref '{to}' leads to no subschema of this schema.");
        }
    }
}
