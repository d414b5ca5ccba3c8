using ZstdSharp;

namespace AgentRuntime.AwsStore.Items;

/// <summary>Bytes as an item holds them: their form, then they themselves, compressed with zstd where that saves a write unit.</summary>
internal static class Packed
{
    /// <summary>DynamoDB charges a write unit for each begun KB of an item.</summary>
    public const int WriteUnitBytes = 1024;

    private const byte Plain = 0;
    private const byte Zstandard = 1;
    private const int Level = 3;

    /// <summary>Packs bytes into an item that has <paramref name="others"/> bytes besides.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> bytes, int others)
    {
        if (WriteUnits(1 + bytes.Length + others) > 1)
        {
            using var compressor = new Compressor(Level);
            var compressed = compressor.Wrap(bytes);
            if (WriteUnits(1 + compressed.Length + others) < WriteUnits(1 + bytes.Length + others)) return [Zstandard, .. compressed];
        }

        return [Plain, .. bytes];
    }

    /// <exception cref="InvalidDataException">They are not what <see cref="Pack"/> made, or more than <paramref name="maxBytes"/>.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int maxBytes)
    {
        if (packed.IsEmpty) throw new InvalidDataException("packed bytes are empty");
        switch (packed[0])
        {
            case Plain:
                return packed[1..].ToArray();
            case Zstandard:
                try
                {
                    var length = Decompressor.GetDecompressedSize(packed[1..]);
                    if (length > (ulong)maxBytes) throw new InvalidDataException($"packed bytes unfold to {length}, more than {maxBytes}");
                    using var decompressor = new Decompressor();
                    return decompressor.Unwrap(packed[1..]).ToArray();
                }
                catch (ZstdException failure)
                {
                    throw new InvalidDataException("packed bytes cannot be decompressed", failure);
                }

            default:
                throw new InvalidDataException($"packed bytes have form {packed[0]}, which only a newer version knows");
        }
    }

    /// <summary>What an item of that size costs to write.</summary>
    public static int WriteUnits(int bytes) => (bytes + WriteUnitBytes - 1) / WriteUnitBytes;
}
