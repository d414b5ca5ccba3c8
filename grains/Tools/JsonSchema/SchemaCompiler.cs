using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Turns the text of a schema into nodes, one for each subschema and each dynamic scope it is used in, and then looks at the whole.</summary>
internal sealed class SchemaCompiler
{
    private readonly Dictionary<(SchemaLocation, DynamicScope), SchemaNode> _nodes = [];
    private readonly Dictionary<SchemaNode, SchemaLocation> _locations = [];
    private readonly Queue<KeywordSite> _open = [];
    private readonly Dictionary<string, SchemaPattern> _patterns = new(StringComparer.Ordinal);
    private int _patternRoom = SchemaLimits.MaxPatternText;

    private SchemaCompiler(SchemaLibrary library) => Library = library;

    public SchemaLibrary Library { get; }

    public static JsonSchemaValidator Compile(string schema, string field, ObjectPolicy objects, IReadOnlyDictionary<Uri, string> documents)
    {
        using var library = new SchemaLibrary(field, documents);
        var location = library.Open(schema);
        var compiler = new SchemaCompiler(library);
        var outside = DynamicScope.Outside();
        var root = compiler.Node(location, outside);
        compiler.CompileOpen();
        compiler.CompileUnused(location, outside, [.. compiler._locations.Values]);
        SchemaCycles.Refuse(compiler._locations.Keys, compiler.Refuse);
        if (objects == ObjectPolicy.Closed)
            ClosedObjects.Mark(compiler._locations.Keys, root, compiler.Refuse);
        return new JsonSchemaValidator(root, compiler._locations.Keys.Any(node => node.Unevaluated is not null));
    }

    /// <summary>The node of a subschema that is used in a scope. Its rules may still have to be compiled.</summary>
    public SchemaNode Node(SchemaLocation location, DynamicScope scope)
    {
        scope = scope.Enter(location.Resource);
        if (_nodes.TryGetValue((location, scope), out var known))
            return known;
        if (_nodes.Count >= SchemaLimits.MaxNodes)
            throw Library.Refuse(location, $"is beyond the limit of {SchemaLimits.MaxNodes} subschemas.");
        if (scope.Count > SchemaLimits.MaxDynamicScopes)
            throw Library.Refuse(location, $"is used in more than {SchemaLimits.MaxDynamicScopes} dynamic scopes.");
        var node = new SchemaNode();
        _nodes.Add((location, scope), node);
        _locations.Add(node, location);
        _open.Enqueue(new KeywordSite(this, node, location, scope));
        return node;
    }

    /// <summary>Compiles a regular expression; null when there are too many, for a compiled one is large.</summary>
    public SchemaPattern? Pattern(string pattern)
    {
        if (_patterns.TryGetValue(pattern, out var known))
            return known;
        if (_patterns.Count == SchemaLimits.MaxPatterns)
            return null;
        return _patterns[pattern] = EcmaPattern.Compile(pattern, ref _patternRoom);
    }

    private Exception Refuse(SchemaNode node, string message) => Library.Refuse(_locations[node], message);

    // A queue instead of a recursion: references can follow each other thousands deep.
    private void CompileOpen()
    {
        while (_open.TryDequeue(out var site))
        {
            switch (site.Location.Schema.ValueKind)
            {
                case JsonValueKind.True:
                    break;
                case JsonValueKind.False:
                    site.Node.Types = JsonTypes.None;
                    break;
                case JsonValueKind.Object:
                    SchemaKeywords.Compile(site);
                    break;
                default:
                    throw Library.Refuse(site.Location, "a schema must be an object, true or false.");
            }
        }
    }

    // What is defined and never used must be right too.
    private void CompileUnused(SchemaLocation at, DynamicScope scope, HashSet<SchemaLocation> used)
    {
        scope = scope.Enter(at.Resource);
        if (!used.Contains(at))
        {
            Node(at, scope);
            CompileOpen();
        }

        foreach (var below in at.Below)
            CompileUnused(below, scope, used);
    }
}
