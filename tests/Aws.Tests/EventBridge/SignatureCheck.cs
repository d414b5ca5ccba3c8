using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Aws.Tests.EventBridge;

/// <summary>Recomputes Signature Version 4 of a request from what arrived (AWS General Reference, "Create a signed AWS API request").</summary>
internal static class SignatureCheck
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Whether the request was signed with the secret for the service and region, over its body and these of its headers at least.</summary>
    public static bool Holds(HttpRequest request, byte[] body, string secret, string region, string service, params string[] required)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm, StringComparison.Ordinal)) return false;
        var parts = header[Algorithm.Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var signed = parts["SignedHeaders"].Split(';');
        if (required.Append("host").Append("x-amz-date").Except(signed).Any()) return false;
        var scope = parts["Credential"].Split('/', 2)[1];
        var at = request.Headers["X-Amz-Date"].ToString();
        var day = at[..8];
        if (scope != $"{day}/{region}/{service}/aws4_request") return false;

        var headers = string.Concat(signed.Select(name => $"{name}:{request.Headers[name].ToString().Trim()}\n"));
        var canonical = $"{request.Method}\n{request.Path}\n{request.QueryString.Value?.TrimStart('?')}\n{headers}\n{parts["SignedHeaders"]}\n{Hex(SHA256.HashData(body))}";
        var text = $"{Algorithm}\n{at}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, region, service, "aws4_request", text }.Aggregate(Encoding.UTF8.GetBytes($"AWS4{secret}"), static (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        return parts["Signature"] == Hex(key)
            && DateTimeOffset.ParseExact(at, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) > TimeProvider.System.GetUtcNow().AddMinutes(-5);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
