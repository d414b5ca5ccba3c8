using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// The keywords about which members an object has: required, minProperties, maxProperties, dependentRequired, dependentSchemas. Names are
/// the numbers that <see cref="ObjectRules"/> gave them.
/// </summary>
internal sealed class ObjectPresence(IReadOnlyList<string> names)
{
    private readonly List<int> _required = [];
    private readonly List<(int Name, int[] Needs)> _dependentRequired = [];
    private readonly List<(int Name, SchemaNode Schema)> _dependentSchemas = [];

    // The required names as bits.
    private ulong[] _mask = [];

    public int MinProperties { get; set; }

    public int MaxProperties { get; set; } = int.MaxValue;

    public IEnumerable<SchemaNode> DependentSchemas => _dependentSchemas.Select(d => d.Schema);

    public void Require(int name) => _required.Add(name);

    public void AddDependentRequired(int name, int[] needs) => _dependentRequired.Add((name, needs));

    public void AddDependentSchema(int name, SchemaNode schema) => _dependentSchemas.Add((name, schema));

    public void Seal()
    {
        _mask = new ulong[(names.Count + 63) >> 6];
        foreach (var name in _required)
            _mask[name >> 6] |= 1UL << name;
    }

    public bool Check(in JsonElement value, ReadOnlySpan<ulong> seen, int count, ref Evaluation e)
    {
        if (count < MinProperties)
            return e.Collecting && e.Fail("minProperties", $"must have at least {MinProperties} members, has {count}");
        if (count > MaxProperties)
            return e.Collecting && e.Fail("maxProperties", $"must have at most {MaxProperties} members, has {count}");
        var ok = HasRequired(seen) || (e.Collecting && FailRequired(seen, ref e));
        return (ok || e.Collecting)
            && (_dependentRequired.Count == 0 || CheckDependentRequired(seen, ref e))
            && (_dependentSchemas.Count == 0 || CheckDependentSchemas(value, seen, ref e))
            && ok;
    }

    private bool HasRequired(ReadOnlySpan<ulong> seen)
    {
        for (var i = 0; i < _mask.Length; i++)
        {
            if ((_mask[i] & ~seen[i]) != 0)
                return false;
        }

        return true;
    }

    private bool FailRequired(ReadOnlySpan<ulong> seen, ref Evaluation e)
    {
        foreach (var name in _required)
        {
            if (!IsSeen(seen, name) && e.Collecting)
                e.Fail("required", $"'{names[name]}' is missing");
        }

        return false;
    }

    private bool CheckDependentRequired(ReadOnlySpan<ulong> seen, ref Evaluation e)
    {
        foreach (var (name, needs) in _dependentRequired)
        {
            if (!IsSeen(seen, name))
                continue;
            foreach (var need in needs)
            {
                if (!IsSeen(seen, need))
                    return e.Collecting && e.Fail("dependentRequired", $"'{names[need]}' is missing, which '{names[name]}' needs");
            }
        }

        return true;
    }

    private bool CheckDependentSchemas(in JsonElement value, ReadOnlySpan<ulong> seen, ref Evaluation e)
    {
        foreach (var (name, schema) in _dependentSchemas)
        {
            if (IsSeen(seen, name) && !schema.CheckInPlace(value, ref e))
                return false;
        }

        return true;
    }

    private static bool IsSeen(ReadOnlySpan<ulong> seen, int name) => (seen[name >> 6] & (1UL << name)) != 0;
}
