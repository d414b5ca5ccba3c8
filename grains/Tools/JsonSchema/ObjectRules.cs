using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// The keywords for objects, checked in one pass over the members: properties, patternProperties, additionalProperties, propertyNames,
/// required, minProperties, maxProperties, dependentRequired, dependentSchemas.
/// </summary>
internal sealed class ObjectRules
{
    private readonly List<string> _names = [];
    private readonly List<SchemaNode?> _members = [];
    private readonly List<int> _required = [];
    private readonly List<(int Name, int[] Needs)> _dependentRequired = [];
    private readonly List<(int Name, SchemaNode Schema)> _dependentSchemas = [];
    private readonly List<(Regex Pattern, SchemaNode Schema)> _patterns = [];
    private NameTable _table = new([]);

    public SchemaNode? Additional { get; set; }

    public SchemaNode? PropertyNames { get; set; }

    public int MinProperties { get; set; }

    public int MaxProperties { get; set; } = int.MaxValue;

    public IEnumerable<string> DeclaredNames => _names.Where((_, i) => _members[i] is not null);

    public IEnumerable<Regex> DeclaredPatterns => _patterns.Select(p => p.Pattern);

    public IEnumerable<SchemaNode> DependentSchemas => _dependentSchemas.Select(d => d.Schema);

    public int NameCount => _names.Count;

    public void AddProperty(string name, SchemaNode schema) => _members[Track(name)] = schema;

    public void AddPattern(Regex pattern, SchemaNode schema) => _patterns.Add((pattern, schema));

    public void Require(string name) => _required.Add(Track(name));

    public void AddDependentRequired(string name, IEnumerable<string> needs) =>
        _dependentRequired.Add((Track(name), [.. needs.Select(Track)]));

    public void AddDependentSchema(string name, SchemaNode schema) => _dependentSchemas.Add((Track(name), schema));

    public void Seal() => _table = new NameTable(_names);

    public bool Check(in JsonElement value, ref Evaluation e, ClosedObject? closed)
    {
        Span<ulong> seen = stackalloc ulong[(_names.Count + 63) / 64];
        seen.Clear();
        var count = 0;
        var ok = true;
        foreach (var member in value.EnumerateObject())
        {
            count++;
            if (CheckMember(member, seen, ref e, closed))
                continue;
            ok = false;
            if (!e.Collecting)
                return false;
        }

        return CheckPresence(value, seen, count, ref e) && ok;
    }

    private bool CheckMember(in JsonProperty member, Span<ulong> seen, ref Evaluation e, ClosedObject? closed)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        if (raw.Contains((byte)'\\') && !MemberName.TryUnescape(member, out raw))
            return e.Collecting && e.Fail("properties", "a member name must not hold half of a surrogate pair");
        var index = _table.Find(raw);
        if (index >= 0)
            seen[index >> 6] |= 1UL << index;
        if (e.Collecting)
            e.Push(member.Name);
        var ok = CheckValue(member, raw, index, ref e, closed);
        if (e.Collecting)
            e.Pop();
        return ok;
    }

    private bool CheckValue(in JsonProperty member, ReadOnlySpan<byte> name, int index, ref Evaluation e, ClosedObject? closed)
    {
        var schema = index >= 0 ? _members[index] : null;
        var described = schema is not null;
        var ok = schema is null || schema.CheckWhole(member.Value, ref e);
        foreach (var (pattern, patternSchema) in _patterns)
        {
            e.Spend(1 + (name.Length / 64));
            if (!pattern.IsMatch(member.Name))
                continue;
            described = true;
            ok = patternSchema.CheckWhole(member.Value, ref e) && ok;
        }

        if (PropertyNames is not null)
            ok = PropertyNames.CheckWhole(JsonSerializer.SerializeToElement(member.Name, MemberName.Json.Default.String), ref e) && ok;
        if (described)
            return ok;
        if (Additional is { RefusesAll: true })
            return e.Collecting && e.Fail("additionalProperties", "is not a known member");
        if (Additional is not null)
            return Additional.CheckWhole(member.Value, ref e) && ok;
        return closed is null || closed.Allows(name) ? ok : e.Collecting && e.Fail("additionalProperties", "is not a known member");
    }

    private bool CheckPresence(in JsonElement value, ReadOnlySpan<ulong> seen, int count, ref Evaluation e)
    {
        if (count < MinProperties)
            return e.Collecting && e.Fail("minProperties", $"must have at least {MinProperties} members, has {count}");
        if (count > MaxProperties)
            return e.Collecting && e.Fail("maxProperties", $"must have at most {MaxProperties} members, has {count}");
        var ok = true;
        foreach (var name in _required)
        {
            if (IsSeen(seen, name))
                continue;
            ok = e.Collecting && e.Fail("required", $"'{_names[name]}' is missing");
            if (!e.Collecting)
                return false;
        }

        foreach (var (name, needs) in _dependentRequired)
        {
            foreach (var need in needs)
            {
                if (IsSeen(seen, name) && !IsSeen(seen, need))
                    return e.Collecting && e.Fail("dependentRequired", $"'{_names[need]}' is missing, which '{_names[name]}' needs");
            }
        }

        foreach (var (name, schema) in _dependentSchemas)
        {
            if (IsSeen(seen, name) && !schema.CheckInPlace(value, ref e))
                return false;
        }

        return ok;
    }

    private static bool IsSeen(ReadOnlySpan<ulong> seen, int name) => (seen[name >> 6] & (1UL << name)) != 0;

    private int Track(string name)
    {
        var index = _names.IndexOf(name);
        if (index >= 0)
            return index;
        _names.Add(name);
        _members.Add(null);
        return _names.Count - 1;
    }
}
