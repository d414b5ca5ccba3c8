using System.Security.Cryptography;
using AgentRuntime.Common;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>
/// The development issuer: whoever can read its key file in the data folder signs tokens with it. It has no network endpoint, and only
/// loopback connections may use its tokens. Other clusters refuse it by name and by key.
/// </summary>
internal sealed class DevIssuer
{
    public const string KeyFileName = "dev-issuer.pem";

    private DevIssuer(string clusterId, ECDsaSecurityKey key)
    {
        Audience = clusterId;
        Name = NameOf(clusterId);
        Key = key;
    }

    public string Name { get; }

    public string Audience { get; }

    public ECDsaSecurityKey Key { get; }

    /// <summary>What tokens of a cluster's development issuer call it.</summary>
    public static string NameOf(string clusterId) => $"urn:agentruntime:dev:{clusterId}";

    /// <summary>Opens the key file in <paramref name="keysFolder"/>, made if it is not there. Several silos may do so at once.</summary>
    /// <exception cref="AgentRuntimeException">StorageCorrupted: others can read the file, or it is no P-256 key.</exception>
    public static DevIssuer Open(string keysFolder, string clusterId)
    {
        var path = Path.Combine(keysFolder, KeyFileName);
        if (!File.Exists(path)) Create(path);
        RequirePrivate(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"{path}: is no private key; delete it and start again to get a new one.");
        }

        return key.KeySize == 256
            ? new DevIssuer(clusterId, new ECDsaSecurityKey(key))
            : throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"{path}: is no P-256 key; delete it and start again to get a new one.");
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another silo was faster; its key is the cluster's.
            File.Delete(draft);
        }
    }

    private static void RequirePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Foreign = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & Foreign) == 0) return;
        throw new AgentRuntimeException(
            ErrorCode.StorageCorrupted, $"{path}: others may read or write it, so anybody may have signed with it; delete it and start again to get a new key.");
    }
}
