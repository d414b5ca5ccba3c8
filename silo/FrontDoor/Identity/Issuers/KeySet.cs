using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>An issuer's keys by id: RSA from 2,048 bits and P-256, and nothing else.</summary>
internal sealed class KeySet
{
    /// <summary>Of one issuer. Those that rotate have two to five.</summary>
    public const int MaxKeys = 64;

    private const int MinRsaBits = 2_048;

    private readonly FrozenDictionary<string, (SecurityKey Key, string Algorithm)> _keys;

    private KeySet(FrozenDictionary<string, (SecurityKey Key, string Algorithm)> keys, DateTimeOffset readAt) => (_keys, ReadAt) = (keys, readAt);

    public DateTimeOffset ReadAt { get; }

    public bool Has(string keyId) => _keys.ContainsKey(keyId);

    /// <summary>The key and the one algorithm that it signs with. Null when there is no such key.</summary>
    public (SecurityKey Key, string Algorithm)? Find(string keyId) => _keys.TryGetValue(keyId, out var found) ? found : null;

    /// <summary>Reads a document of RFC 7517. Keys of other kinds and without an id are passed over.</summary>
    /// <exception cref="InvalidDataException">It is no such document, or holds an id twice or too many keys.</exception>
    public static KeySet Parse(string json, DateTimeOffset readAt)
    {
        JsonWebKeySet read;
        try
        {
            read = new JsonWebKeySet(json);
        }
        catch (Exception fault) when (fault is ArgumentException or JsonException)
        {
            throw new InvalidDataException("is no key set (RFC 7517).", fault);
        }

        if (read.Keys.Count > MaxKeys) throw new InvalidDataException($"holds {read.Keys.Count} keys, more than {MaxKeys}.");
        var keys = new Dictionary<string, (SecurityKey, string)>(StringComparer.Ordinal);
        foreach (var key in read.Keys)
        {
            if (AlgorithmOf(key) is not { } algorithm || string.IsNullOrEmpty(key.Kid)) continue;
            if (!keys.TryAdd(key.Kid, (key, algorithm))) throw new InvalidDataException($"holds the key id '{Common.Shown.Text(key.Kid)}' twice.");
        }

        return new KeySet(keys.ToFrozenDictionary(StringComparer.Ordinal), readAt);
    }

    private static string? AlgorithmOf(JsonWebKey key)
    {
        if (key.Use is not (null or "" or JsonWebKeyUseNames.Sig)) return null;
        var algorithm = key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA when IsStrong(key) => SecurityAlgorithms.RsaSha256,
            JsonWebAlgorithmsKeyTypes.EllipticCurve when key is { Crv: JsonWebKeyECTypes.P256, X: not null, Y: not null } => SecurityAlgorithms.EcdsaSha256,
            _ => null,
        };
        return string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm ? algorithm : null;
    }

    private static bool IsStrong(JsonWebKey key)
    {
        if (key.N is null || key.E is null) return false;
        try
        {
            return Base64UrlEncoder.DecodeBytes(key.N).AsSpan().TrimStart((byte)0).Length * 8 >= MinRsaBits;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
