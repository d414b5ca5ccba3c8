using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>
/// Remembers for a short while whom a token was found to speak for, because checking a signature costs as much as the rest of a small call. A key that an
/// issuer takes back is believed for <see cref="MaxAge"/> longer. Tokens are kept as hashes.
/// </summary>
internal sealed class VerifiedTokens(ITokenReader tokens, TimeProvider time)
{
    /// <summary>How long a token is believed without another look, if it does not end sooner.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>Beyond this all are forgotten, which costs one look at each.</summary>
    public const int MaxTokens = 10_000;

    private const int MaxStackBytes = 1_024;

    private readonly ConcurrentDictionary<UInt128, Verified> _verified = new();

    /// <summary>As <see cref="ITokenReader.ReadAsync"/>.</summary>
    public ValueTask<Caller> ReadAsync(string token)
    {
        var key = KeyOf(token);
        if (!_verified.TryGetValue(key, out var known)) return VerifyAsync(key, token);
        var now = time.GetUtcNow();
        return now >= known.At && now < known.At + MaxAge && now < known.Caller.ExpiresAt ? new(known.Caller) : VerifyAsync(key, token);
    }

    private async ValueTask<Caller> VerifyAsync(UInt128 key, string token)
    {
        _verified.TryRemove(key, out _);
        var at = time.GetUtcNow();
        var caller = await tokens.ReadAsync(token);
        if (_verified.Count >= MaxTokens) _verified.Clear();
        _verified[key] = new Verified(caller, at);
        return caller;
    }

    // Half of a SHA-256: two tokens that meet in it would have to be searched for over 2^64 of them.
    private static UInt128 KeyOf(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var bytes = Encoding.UTF8.GetByteCount(token);
        var text = bytes <= MaxStackBytes ? stackalloc byte[bytes] : new byte[bytes];
        Encoding.UTF8.GetBytes(token, text);
        SHA256.HashData(text, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private readonly record struct Verified(Caller Caller, DateTimeOffset At);
}
