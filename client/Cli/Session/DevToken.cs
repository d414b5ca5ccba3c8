using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Cli.Session;

/// <summary>Signs tokens of the development issuer with the key in the data folder.</summary>
internal static class DevToken
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>A token for <paramref name="login"/> that is good for 15 minutes.</summary>
    /// <exception cref="CliException">The data folder or its key is not there or cannot be read.</exception>
    public static string Sign(Login login, TimeProvider time)
    {
        var cluster = ClusterId(login.DataFolder);
        using var key = ECDsa.Create();
        var path = Path.Combine(login.DataFolder, "keys", "dev-issuer.pem");
        try
        {
            key.ImportFromPem(Read(path, login.DataFolder));
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            throw new CliException(ExitCode.Usage, $"{path}: is no private key; stop the silos, delete it and start one again.");
        }

        var now = time.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["sub"] = login.Name,
            ["roles"] = login.Roles.ToArray(),
            ["auth_time"] = login.LoggedInAt.ToUnixTimeSeconds(),
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        };
        if (!login.IsService) claims["person"] = login.Name;
        if (login.Tenant is not null) claims["tenant"] = login.Tenant;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = $"urn:agentruntime:dev:{cluster}",
            Audience = cluster,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = claims,
            // A cached signer would outlive the key.
            SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
                SecurityAlgorithms.EcdsaSha256),
        });
    }

    public static string ClusterId(string folder)
    {
        var path = Path.Combine(folder, "format");
        try
        {
            using var format = JsonDocument.Parse(Read(path, folder));
            return format.RootElement.GetProperty("clusterId").GetString()!;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Usage, $"{path}: does not say which cluster the folder belongs to; name another data folder with --data.");
        }
    }

    private static string Read(string path, string folder)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(
                ExitCode.NoServer, $"{folder}: no silo has ever run on this data folder; start one (dotnet run --project silo) or name its folder with --data.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Refused, $"{path}: cannot be read by this user; use the user that runs the silo.");
        }
    }
}
