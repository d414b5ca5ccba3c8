namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// The dynamic anchors that are in force where a subschema is used: for each name the one of the outermost resource on the way there
/// (2020-12 core, 7.1 and 8.2.3.2). A subschema is compiled once for each scope it is used in, so that checking follows no scopes.
/// </summary>
internal sealed class DynamicScope
{
    private readonly Dictionary<string, SchemaLocation> _anchors;
    private readonly Dictionary<SchemaResource, DynamicScope> _entered = [];

    // All scopes of one schema: the same anchors are the same scope.
    private readonly List<DynamicScope> _all;

    private DynamicScope(Dictionary<string, SchemaLocation> anchors, List<DynamicScope> all)
    {
        _anchors = anchors;
        _all = all;
        _all.Add(this);
    }

    /// <summary>How many scopes the schema has had so far.</summary>
    public int Count => _all.Count;

    public static DynamicScope Outside() => new([], []);

    /// <summary>The scope inside of <paramref name="resource"/>.</summary>
    public DynamicScope Enter(SchemaResource resource)
    {
        if (resource.DynamicAnchors.Count == 0)
            return this;
        if (_entered.TryGetValue(resource, out var scope))
            return scope;
        var anchors = new Dictionary<string, SchemaLocation>(_anchors, StringComparer.Ordinal);
        foreach (var (name, location) in resource.DynamicAnchors)
            anchors.TryAdd(name, location);
        scope = _all.Find(s => s.HasExactly(anchors)) ?? new DynamicScope(anchors, _all);
        _entered.Add(resource, scope);
        return scope;
    }

    /// <summary>The anchor in force for a name; null when there is none.</summary>
    public SchemaLocation? Find(string anchor) => _anchors.GetValueOrDefault(anchor);

    private bool HasExactly(Dictionary<string, SchemaLocation> anchors) =>
        anchors.Count == _anchors.Count && anchors.All(a => _anchors.GetValueOrDefault(a.Key) == a.Value);
}
