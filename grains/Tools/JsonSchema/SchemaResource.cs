namespace AgentRuntime.Tools.JsonSchema;

/// <summary>A schema with an address of its own (2020-12 core, 4.3.5): a document, or a part of one that has an $id.</summary>
internal sealed class SchemaResource(Uri address, SchemaLocation root, SchemaDialect dialect, Uri? document)
{
    private readonly Dictionary<string, SchemaLocation> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaLocation> _dynamicAnchors = new(StringComparer.Ordinal);

    /// <summary>What references in it are relative to.</summary>
    public Uri Address => address;

    public SchemaLocation Root => root;

    public SchemaDialect Dialect => dialect;

    /// <summary>Where its document comes from; null for the schema that is being compiled.</summary>
    public Uri? Document => document;

    public IReadOnlyDictionary<string, SchemaLocation> Anchors => _anchors;

    public IReadOnlyDictionary<string, SchemaLocation> DynamicAnchors => _dynamicAnchors;

    public bool TryAddAnchor(string name, SchemaLocation location) => _anchors.TryAdd(name, location);

    public void AddDynamicAnchor(string name, SchemaLocation location) => _dynamicAnchors.TryAdd(name, location);
}
