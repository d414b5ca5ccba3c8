using System.Security.Cryptography;
using System.Text;

namespace AgentRuntime.Testing;

/// <summary>The signature of a presigned GET for path <c>/</c> without a body, as AWS describes Signature Version 4.</summary>
internal static class SigV4
{
    private const string EmptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <param name="secret">The secret access key.</param>
    /// <param name="parameters">All parameters but the signature, not encoded.</param>
    /// <param name="headers">All signed headers.</param>
    public static string Sign(string secret, IReadOnlyDictionary<string, string> parameters, IReadOnlyDictionary<string, string> headers)
    {
        var query = string.Join('&', parameters.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{Uri.EscapeDataString(each.Key)}={Uri.EscapeDataString(each.Value)}"));
        var sorted = headers.OrderBy(each => each.Key, StringComparer.Ordinal).ToList();
        var canonical = $"GET\n/\n{query}\n{string.Concat(sorted.Select(each => $"{each.Key}:{each.Value.Trim()}\n"))}\n{string.Join(';', sorted.Select(each => each.Key))}\n{EmptyBody}";
        var scope = parameters["X-Amz-Credential"].Split('/')[1..];
        var text = $"AWS4-HMAC-SHA256\n{parameters["X-Amz-Date"]}\n{string.Join('/', scope)}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Aggregate(Encoding.UTF8.GetBytes($"AWS4{secret}"), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
