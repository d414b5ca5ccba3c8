using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Folder;

/// <summary>The folder's one secret; everything else is derived from it, one key for each purpose.</summary>
internal sealed class RootKey
{
    public const int Length = 32;

    private readonly byte[] _secret;
    private readonly byte[] _salt;

    private RootKey(byte[] secret, string clusterId)
    {
        _secret = secret;
        _salt = Encoding.UTF8.GetBytes(clusterId);
    }

    /// <summary>Makes a random key unless there is one. An existing key is never replaced: what it protects would be lost.</summary>
    public static void Create(string path) => DurableFile.TryCreate(path, RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads the key.</summary>
    /// <exception cref="AgentRuntimeException">The file is gone, damaged or open to others.</exception>
    public static RootKey Open(string path, string clusterId)
    {
        if (!File.Exists(path))
        {
            throw new AgentRuntimeException(
                ErrorCode.StorageCorrupted, $"Key file '{path}' is gone, and what it protects cannot be read without it. Restore it from a backup.");
        }

        RequireOwnerOnly(path);
        var secret = File.ReadAllBytes(path);
        return secret.Length == Length
            ? new RootKey(secret, clusterId)
            : throw new AgentRuntimeException(
                ErrorCode.StorageCorrupted, $"Key file '{path}' is damaged: {secret.Length} bytes instead of {Length}. Restore it from a backup.");
    }

    /// <summary>HKDF-SHA256 (RFC 5869) with the cluster id as salt and <c>agentruntime/purpose</c> as info.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, Length, _salt, Encoding.UTF8.GetBytes($"agentruntime/{purpose}"));

    private static void RequireOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~DurableFile.OwnerOnly) != 0)
        {
            throw new AgentRuntimeException(
                ErrorCode.PermissionDenied, $"Key file '{path}' may be read by others. Fix: chmod 600 '{path}', and assume that the key is known.");
        }
    }
}
