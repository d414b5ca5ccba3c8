using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Dashboard;

/// <summary>Codes that let a browser in, each once. They are kept by this silo alone, as hashes, and go with it.</summary>
internal sealed class EntryCodes(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>Waiting at once; a person needs one.</summary>
    public const int MaxWaiting = 64;

    private const int Bytes = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Identity, DateTimeOffset Until)> _waiting = new(StringComparer.Ordinal);

    /// <summary>A new code for an operator.</summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded: too many wait.</exception>
    public (string Code, DateTimeOffset Until) Create(string identity)
    {
        var code = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(Bytes));
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var over in _waiting.Where(each => each.Value.Until <= now).Select(each => each.Key).ToList()) _waiting.Remove(over);
            if (_waiting.Count >= MaxWaiting)
                throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"dashboard: {MaxWaiting} codes wait to be used; try again in {Lifetime.TotalSeconds:0} s.", isTransient: true);
            _waiting[HashOf(code)] = (identity, now + Lifetime);
        }

        return (code, now + Lifetime);
    }

    /// <summary>Whose code it is; from now on it is nobody's. Null: it is none, or its time is over.</summary>
    public string? Use(string code)
    {
        lock (_gate) return _waiting.Remove(HashOf(code), out var found) && time.GetUtcNow() < found.Until ? found.Identity : null;
    }

    // Looked up by its hash, a code cannot be guessed piece by piece from how long the look takes.
    private static string HashOf(string code) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
