using System.Security.Cryptography;
using ZstdSharp;

namespace AgentRuntime.Aws.Payloads;

/// <summary>A payload as it is kept: compressed where that helps, with the hash of what is kept.</summary>
internal sealed record PackedBytes(ReadOnlyMemory<byte> Kept, string Encoding, byte[] Sha)
{
    public const string Plain = "raw";
    public const string Zstandard = "zstd";

    // A write unit is 1 KB: below that there is nothing to save.
    private const int WorthCompressing = 1024;
    private const int Level = 3;

    public static PackedBytes Encode(ReadOnlyMemory<byte> plain)
    {
        if (plain.Length <= WorthCompressing) return Of(plain, Plain);
        using var compressor = new Compressor(Level);
        var packed = compressor.Wrap(plain.Span).ToArray();
        return packed.Length < plain.Length ? Of(packed, Zstandard) : Of(plain, Plain);
    }

    /// <exception cref="InvalidDataException">It is not what was written, or too long.</exception>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> kept, string encoding, ReadOnlySpan<byte> sha, int maxBytes)
    {
        if (!SHA256.HashData(kept.Span).AsSpan().SequenceEqual(sha)) throw new InvalidDataException("The bytes do not have the hash that was written with them.");
        switch (encoding)
        {
            case Plain:
                return kept;
            case Zstandard:
                var length = Decompressor.GetDecompressedSize(kept.Span);
                if (length > (ulong)maxBytes) throw new InvalidDataException($"It has {length} bytes; {maxBytes} are allowed.");
                using (var decompressor = new Decompressor()) return decompressor.Unwrap(kept.Span).ToArray();
            default:
                throw new InvalidDataException($"Its encoding '{encoding}' is unknown; a newer version may have written it.");
        }
    }

    private static PackedBytes Of(ReadOnlyMemory<byte> kept, string encoding) => new(kept, encoding, SHA256.HashData(kept.Span));
}
