using System.Text;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Finds member names in UTF-8 without making strings of them. Names get the numbers 0, 1, 2 ... in the order they came.</summary>
internal sealed class NameTable
{
    private readonly byte[][] _names;
    private readonly int[] _buckets;
    private readonly int[] _next;

    public NameTable(IReadOnlyList<string> names)
    {
        Names = names;
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, names.Count * 2))];
        _next = new int[names.Count];
        for (var i = 0; i < _names.Length; i++)
        {
            ref var bucket = ref _buckets[Hash(_names[i]) & (_buckets.Length - 1)];
            _next[i] = bucket;
            bucket = i + 1;
        }
    }

    public IReadOnlyList<string> Names { get; }

    public int Count => _names.Length;

    /// <summary>The number of <paramref name="name"/>, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (var i = _buckets[Hash(name) & (_buckets.Length - 1)] - 1; i >= 0; i = _next[i] - 1)
        {
            if (name.SequenceEqual(_names[i]))
                return i;
        }

        return -1;
    }

    // The names are the schema's, at most SchemaLimits.MaxNames: a document cannot make the chains longer.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (var b in name)
            hash = (hash ^ b) * 16777619;
        return (int)(hash ^ (hash >> 15));
    }
}
