using System.Security.Cryptography;

namespace AgentRuntime.Runs.Journal;

/// <summary>Fresh random salts. Drawn a few KiB at a time, because a draw costs much the same whatever its length.</summary>
internal static class Salts
{
    private const int DrawBytes = 4096;

    [ThreadStatic]
    private static byte[]? _drawn;

    [ThreadStatic]
    private static int _used;

    public static void Take(Span<byte> salt)
    {
        var drawn = _drawn;
        if (drawn is null || _used + salt.Length > DrawBytes)
        {
            _drawn = drawn = drawn ?? new byte[DrawBytes];
            RandomNumberGenerator.Fill(drawn);
            _used = 0;
        }

        var part = drawn.AsSpan(_used, salt.Length);
        part.CopyTo(salt);
        part.Clear();
        _used += salt.Length;
    }
}
