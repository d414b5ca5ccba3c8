using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Artifacts;

/// <summary>
/// Names artifacts by HMAC-SHA-256 of their content under a key of the tenant, which HKDF-SHA-256 (RFC 5869) derives from the root:
/// names tell whoever has no key neither the content nor whether two tenants hold the same.
/// </summary>
internal sealed class ArtifactNames
{
    public const int KeyBytes = 32;

    private const int MaxTenants = 10_000;

    private readonly byte[] _root;
    private readonly ConcurrentDictionary<TenantId, byte[]> _keys = new();

    public ArtifactNames(ReadOnlySpan<byte> rootKey)
    {
        if (rootKey.Length != KeyBytes)
            throw new ArgumentException($"The artifact root key has {rootKey.Length} bytes instead of {KeyBytes}.", nameof(rootKey));

        _root = rootKey.ToArray();
    }

    public string NameOf(TenantId tenant, ReadOnlySpan<byte> content) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(KeyOf(tenant), content));

    /// <summary>Whether the text can be a name: names become paths, so nothing else may pass.</summary>
    public static bool IsName(string name) => name.Length == 2 * KeyBytes && name.All(char.IsAsciiHexDigitLower);

    private byte[] KeyOf(TenantId tenant)
    {
        if (_keys.TryGetValue(tenant, out var known))
            return known;
        if (_keys.Count >= MaxTenants)
            _keys.Clear();

        var info = Encoding.ASCII.GetBytes($"artifact-name/{tenant.Value}");
        return _keys[tenant] = HKDF.DeriveKey(HashAlgorithmName.SHA256, _root, KeyBytes, info: info);
    }
}
