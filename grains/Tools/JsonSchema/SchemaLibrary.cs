using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// All that a schema may refer to: itself, the documents that the caller supplied, the metaschemas. Nothing is ever fetched.
/// </summary>
/// <param name="field">How the caller calls the schema.</param>
/// <param name="supplied">Documents by their address.</param>
internal sealed class SchemaLibrary(string field, IReadOnlyDictionary<Uri, string> supplied) : IDisposable
{
    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);
    private readonly List<JsonDocument> _parsed = [];
    private int _locations;

    /// <summary>Reads the schema that is to be compiled.</summary>
    public SchemaLocation Open(string schema) => new SchemaTree(this, null).Read(Parse(schema, field), SchemaAddress.Unnamed);

    /// <summary>Finds what a reference leads to.</summary>
    /// <param name="from">The subschema it stands in.</param>
    /// <param name="keyword">The keyword that makes it.</param>
    /// <param name="reference">A URI reference.</param>
    /// <param name="dynamicAnchor">The $dynamicAnchor that it names, if it does.</param>
    public SchemaLocation Resolve(SchemaLocation from, string keyword, string reference, out string? dynamicAnchor)
    {
        var (address, fragment) = SchemaAddress.Split(reference);
        var resource = address.Length == 0 ? from.Resource : FindResource(from, keyword, address);
        dynamicAnchor = null;
        SchemaLocation? target;
        if (string.IsNullOrEmpty(fragment))
            target = resource.Root;
        else if (fragment[0] == '/')
            target = resource.Root.Find(fragment);
        else if (resource.Anchors.TryGetValue(fragment, out target) && resource.DynamicAnchors.ContainsKey(fragment))
            dynamicAnchor = fragment;
        return target ?? throw Refuse(from, keyword, $"{keyword} '{reference}' leads to no subschema.");
    }

    public bool TryAdd(SchemaResource resource) => _resources.TryAdd(resource.Address.AbsoluteUri, resource);

    /// <summary>Counts one more subschema.</summary>
    public void Count(SchemaLocation at, int depth)
    {
        if (depth > SchemaLimits.MaxDepth)
            throw Refuse(at, $"is nested deeper than {SchemaLimits.MaxDepth} schemas.");
        if (++_locations > SchemaLimits.MaxNodes)
            throw Refuse(at, $"is beyond the limit of {SchemaLimits.MaxNodes} subschemas.");
    }

    public InvalidInputException Refuse(SchemaLocation at, string keyword, string message) => RefuseAt(at, $"/{SchemaPointer.Escape(keyword)}", message);

    public InvalidInputException Refuse(SchemaLocation at, string message) => RefuseAt(at, "", message);

    public void Dispose() => _parsed.ForEach(document => document.Dispose());

    private InvalidInputException RefuseAt(SchemaLocation at, string step, string message)
    {
        var pointer = at.Pointer + step;
        var place = at.Resource.Document is { } document ? $"{document}#{pointer}" : pointer.Length == 0 ? "/" : pointer;
        return new InvalidInputException(field, $"at '{place}': {message}");
    }

    private SchemaResource FindResource(SchemaLocation from, string keyword, string address)
    {
        if (!SchemaAddress.TryResolve(from.Resource.Address, address, out var resolved))
            throw Refuse(from, keyword, $"{keyword} '{address}' is no URI.");
        var key = resolved.AbsoluteUri;
        if (_resources.TryGetValue(key, out var known))
            return known;
        var text = supplied.GetValueOrDefault(resolved) ?? Metaschemas.Find(key)
            ?? throw Refuse(from, keyword, $"{keyword} leads to '{resolved}', which is not part of this schema. Nothing is fetched: put it under $defs with that $id.");
        var root = new SchemaTree(this, resolved).Read(Parse(text, key), resolved);

        // It may call itself something else than it was referred to by.
        _resources.TryAdd(key, root.Resource);
        return root.Resource;
    }

    private JsonElement Parse(string schema, string name)
    {
        if (schema.Length > SchemaLimits.MaxSchemaChars)
            throw new InvalidInputException(name, $"is longer than {SchemaLimits.MaxSchemaChars} characters.");
        if (SurrogatePairs.HasHalf(Encoding.UTF8.GetBytes(schema)))
            throw new InvalidInputException(name, "holds half of a surrogate pair, which is no text.");
        try
        {
            var document = JsonDocument.Parse(schema, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 2 * SchemaLimits.MaxDepth });
            _parsed.Add(document);
            return NumberSize.HasTooLarge(JsonMarshal.GetRawUtf8Value(document.RootElement))
                ? throw new InvalidInputException(name, $"holds a number of more than {SchemaLimits.MaxNumberChars} characters or with an exponent beyond {SchemaLimits.MaxExponent}.")
                : document.RootElement;
        }
        catch (JsonException e)
        {
            throw new InvalidInputException(name, $"is not JSON that can be read: {e.Message}");
        }
    }
}
