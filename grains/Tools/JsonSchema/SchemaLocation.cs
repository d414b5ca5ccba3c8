using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Where one subschema stands: its text, the resource it belongs to, and the subschemas below it.</summary>
internal sealed class SchemaLocation(SchemaLocation? parent, string step, JsonElement schema)
{
    private readonly Dictionary<string, SchemaLocation> _below = new(StringComparer.Ordinal);
    private SchemaResource? _resource;

    public JsonElement Schema => schema;

    /// <summary>What it belongs to: a resource of its own when it has an $id.</summary>
    public SchemaResource Resource
    {
        get => _resource ?? parent!.Resource;
        set => _resource = value;
    }

    public IReadOnlyCollection<SchemaLocation> Below => _below.Values;

    /// <summary>The place in its document as a JSON pointer.</summary>
    public string Pointer => parent is null ? "" : $"{parent.Pointer}/{step}";

    /// <summary>Adds a subschema.</summary>
    /// <param name="to">The keyword, or the keyword and the escaped name or number under it.</param>
    /// <param name="subschema">Its text.</param>
    public SchemaLocation Add(string to, JsonElement subschema) => _below[to] = new SchemaLocation(this, to, subschema);

    public bool TryStep(string to, [NotNullWhen(true)] out SchemaLocation? below) => _below.TryGetValue(to, out below);

    /// <summary>Follows a JSON pointer from here; null when it leads to no subschema.</summary>
    public SchemaLocation? Find(string pointer)
    {
        var at = this;
        var steps = pointer.Split('/');
        for (var i = 1; i < steps.Length; i++)
        {
            if (at.TryStep(steps[i], out var next))
                at = next;
            else if (i + 1 < steps.Length && at.TryStep($"{steps[i]}/{steps[i + 1]}", out next))
                (at, i) = (next, i + 1);
            else
                return null;
        }

        return at;
    }
}
