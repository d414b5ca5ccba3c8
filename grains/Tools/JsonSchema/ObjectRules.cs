using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// The keywords for the members of objects, checked in one pass: properties, patternProperties, additionalProperties, propertyNames. What
/// must be there at all is checked by <see cref="ObjectPresence"/> after it.
/// </summary>
internal sealed class ObjectRules
{
    // Passing over a member that nothing describes takes a fraction of what a subschema takes.
    private const int MembersPerStep = 4;

    // A name must become a document of its own.
    private const int StepsPerName = 4;

    private readonly List<string> _names = [];
    private readonly List<(int Name, SchemaNode Schema)> _properties = [];
    private readonly List<(SchemaPattern Pattern, SchemaNode Schema)> _patterns = [];

    // Made of the lists above when all keywords are read.
    private NameTable _table = new([]);
    private SchemaNode?[] _members = [];

    public ObjectRules() => Presence = new ObjectPresence(_names);

    public SchemaNode? Additional { get; set; }

    public SchemaNode? PropertyNames { get; set; }

    public ObjectPresence Presence { get; }

    public IEnumerable<string> DeclaredNames => _properties.Select(p => _names[p.Name]);

    public IEnumerable<SchemaPattern> DeclaredPatterns => _patterns.Select(p => p.Pattern);

    public IEnumerable<SchemaNode> DependentSchemas => Presence.DependentSchemas;

    public int NameCount => _names.Count;

    public void AddProperty(string name, SchemaNode schema) => _properties.Add((Track(name), schema));

    public void AddPattern(SchemaPattern pattern, SchemaNode schema) => _patterns.Add((pattern, schema));

    /// <summary>The number of a name whose presence matters.</summary>
    public int Track(string name)
    {
        var index = _names.IndexOf(name);
        if (index >= 0)
            return index;
        _names.Add(name);
        return _names.Count - 1;
    }

    public void Seal()
    {
        _table = new NameTable(_names);
        _members = new SchemaNode?[_names.Count];
        foreach (var (name, schema) in _properties)
            _members[name] = schema;
        Presence.Seal();
    }

    public bool Check(in JsonElement value, ref Evaluation e, ClosedObject? closed)
    {
        Span<ulong> seen = stackalloc ulong[(_members.Length + 63) >> 6];
        var count = 0;
        var guess = 0;
        var ok = true;
        foreach (var member in value.EnumerateObject())
        {
            if (!CheckMember(member, count, seen, ref guess, ref e, closed))
            {
                ok = false;
                if (!e.Collecting)
                    return false;
            }

            count++;
        }

        return e.Spend(count / MembersPerStep) && Presence.Check(value, seen, count, ref e) && ok;
    }

    private bool CheckMember(in JsonProperty member, int at, Span<ulong> seen, ref int guess, ref Evaluation e, ClosedObject? closed)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        if (e.HasEscapes && raw.Contains((byte)'\\'))
            raw = MemberName.Unescape(member);
        var index = _table.Find(raw, guess);
        if (index >= 0)
        {
            // Documents mostly have the order of their schema.
            guess = index + 1;
            seen[index >> 6] |= 1UL << index;
        }

        if (!e.Collecting)
            return CheckValue(member, raw, at, index, ref e, closed);
        e.Push(member.Name);
        var ok = CheckValue(member, raw, at, index, ref e, closed);
        e.Pop();
        return ok;
    }

    private bool CheckValue(in JsonProperty member, ReadOnlySpan<byte> name, int at, int index, ref Evaluation e, ClosedObject? closed)
    {
        var ok = true;
        var described = false;
        if (index >= 0 && _members[index] is { } schema)
        {
            described = true;
            ok = schema.CheckWhole(member.Value, ref e);
        }

        if (_patterns.Count > 0)
            ok = CheckPatterns(member, ref described, ref e) && ok;
        if (PropertyNames is not null)
            ok = CheckName(member, ref e) && ok;
        if (!described && Additional is not null)
        {
            described = true;
            ok = CheckAdditional(Additional, member, ref e) && ok;
        }

        if (described)
            e.Marks?.Mark(at);
        else if (closed is not null && !closed.Allows(name, ref e))
            return e.Collecting && e.Fail("additionalProperties", "is not a known member");
        return ok;
    }

    private bool CheckPatterns(in JsonProperty member, ref bool described, ref Evaluation e)
    {
        var ok = true;
        var name = member.Name;
        foreach (var (pattern, schema) in _patterns)
        {
            if (!e.Spend(pattern.Steps(name.Length)))
                return false;
            if (!pattern.IsMatch(name))
                continue;
            described = true;
            ok = schema.CheckWhole(member.Value, ref e) && ok;
        }

        return ok;
    }

    private bool CheckName(in JsonProperty member, ref Evaluation e) =>
        e.Spend(StepsPerName) && PropertyNames!.CheckWhole(JsonSerializer.SerializeToElement(member.Name, MemberName.Json.Default.String), ref e);

    private static bool CheckAdditional(SchemaNode additional, in JsonProperty member, ref Evaluation e) => additional.RefusesAll
        ? e.Collecting && e.Fail("additionalProperties", "is not a known member")
        : additional.CheckWhole(member.Value, ref e);
}
