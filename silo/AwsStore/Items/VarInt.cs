using System.Buffers;

namespace AgentRuntime.AwsStore.Items;

/// <summary>Lengths of seven bits a byte, the low ones first.</summary>
internal static class VarInt
{
    public const int MaxBytes = 5;

    public static void Write(ArrayBufferWriter<byte> bytes, int value)
    {
        var left = (uint)value;
        var span = bytes.GetSpan(MaxBytes);
        var used = 0;
        for (; left >= 0x80; left >>= 7) span[used++] = (byte)(left | 0x80);
        span[used++] = (byte)left;
        bytes.Advance(used);
    }

    /// <exception cref="InvalidDataException">There is none.</exception>
    public static int Read(scoped ref ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (var i = 0; i < MaxBytes && i < bytes.Length; i++)
        {
            value |= (long)(bytes[i] & 0x7F) << (7 * i);
            if ((bytes[i] & 0x80) != 0) continue;
            bytes = bytes[(i + 1)..];
            return value <= int.MaxValue ? (int)value : throw new InvalidDataException("a length is damaged");
        }

        throw new InvalidDataException("a length is cut off");
    }

    /// <summary>Takes so many bytes from the front.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> bytes, int length)
    {
        if (length > bytes.Length) throw new InvalidDataException("a record is cut off");
        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }
}
