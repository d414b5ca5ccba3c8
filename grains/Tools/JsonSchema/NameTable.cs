using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Finds member names in UTF-8 without making strings of them. Names get the numbers 0, 1, 2 ... in the order they came.</summary>
internal sealed class NameTable
{
    // More names in one bucket than chance puts there: the schema's author chose names that look alike.
    private const int LongChain = 8;

    private readonly byte[][] _names;
    private readonly int[] _buckets;
    private readonly int[] _next;
    private readonly bool _isThorough;

    public NameTable(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, names.Count * 2))];
        _next = new int[names.Count];
        if (Fill() <= LongChain)
            return;
        _isThorough = true;
        Array.Clear(_buckets);
        Fill();
    }

    /// <summary>The number of <paramref name="name"/>, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (var i = _buckets[Bucket(name)] - 1; i >= 0; i = _next[i] - 1)
        {
            if (name.SequenceEqual(_names[i]))
                return i;
        }

        return -1;
    }

    /// <summary>The number of <paramref name="name"/>, or -1. Quicker when it is <paramref name="guess"/>.</summary>
    public int Find(ReadOnlySpan<byte> name, int guess) =>
        (uint)guess < (uint)_names.Length && name.SequenceEqual(_names[guess]) ? guess : Find(name);

    /// <summary>Puts all names in; returns the length of the longest chain.</summary>
    private int Fill()
    {
        var lengths = new int[_buckets.Length];
        for (var i = 0; i < _names.Length; i++)
        {
            var at = Bucket(_names[i]);
            _next[i] = _buckets[at];
            _buckets[at] = i + 1;
            lengths[at]++;
        }

        return lengths.Max();
    }

    private int Bucket(ReadOnlySpan<byte> name) => (_isThorough ? Thorough(name) : Edges(name)) & (_buckets.Length - 1);

    /// <summary>A quick hash of the length, the first and the last eight bytes: names of a schema seldom differ only between them.</summary>
    private static int Edges(ReadOnlySpan<byte> name)
    {
        ulong head = 0;
        ulong tail = 0;
        if (name.Length >= 8)
        {
            head = BinaryPrimitives.ReadUInt64LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else if (name.Length >= 4)
        {
            head = BinaryPrimitives.ReadUInt32LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
        }
        else if (name.Length > 0)
        {
            head = name[0];
            tail = ((ulong)name[name.Length >> 1] << 8) | name[^1];
        }

        var mixed = (head ^ BitOperations.RotateLeft(tail, 23) ^ (ulong)name.Length) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 40);
    }

    /// <summary>A hash of all bytes under a key of this process.</summary>
    private static int Thorough(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }
}
