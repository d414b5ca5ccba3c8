using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>
/// A presigned request GetCallerIdentity, checked as far as it can be without AWS. What is sent to STS is made anew from these parts; nothing goes where
/// a caller's URL says that is not exactly one of the hosts that may be asked.
/// </summary>
/// <param name="Host">The host of STS for which it is signed.</param>
/// <param name="AccessKey">The id of the access key that it says it is signed with.</param>
/// <param name="Query">Its parameters, encoded anew.</param>
/// <param name="SignsTenant">Whether the caller's tenant is one of the signed headers.</param>
/// <param name="Signature">The signature, in hexadecimal.</param>
/// <param name="SignedAt">When it was signed, as it says.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record AwsProof(string Host, string AccessKey, string Query, bool SignsTenant, string Signature, DateTimeOffset SignedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Of the text in the header. A session's token has some 1,000 characters, seldom twice as many.</summary>
    public const int MaxChars = 8 * 1024;

    /// <summary>Signed with the cluster's id: a proof for one cluster is none for another.</summary>
    public const string ClusterHeader = "x-agentruntime-cluster";

    public const string TenantHeader = "x-agentruntime-tenant";

    /// <summary>The longest life of a proof that counts.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How far the caller's clock may be off.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    private const string Scheme = "https://";
    private const string SignedHeaders = $"host;{ClusterHeader}";
    private const string SignedHeadersWithTenant = $"{SignedHeaders};{TenantHeader}";
    private const int SignatureChars = 64;

    /// <exception cref="RefusedProofException">It is no such request for a host that may be asked, or of later than now.</exception>
    public static AwsProof Parse(string text, DateTimeOffset now, Func<string, string?> regionOf)
    {
        var url = Decode(text);
        if (!url.StartsWith(Scheme, StringComparison.Ordinal)) throw Malformed("scheme");
        var slash = url.IndexOf('/', Scheme.Length);
        var host = slash < 0 ? "" : url[Scheme.Length..slash];
        if (regionOf(host) is not { } region) throw new RefusedProofException("host");
        if (!url.AsSpan(slash).StartsWith("/?", StringComparison.Ordinal)) throw Malformed("path");
        var query = ProofQuery.Parse(url[(slash + 2)..]);
        query.Require("Action", "GetCallerIdentity");
        query.Require("Version", "2011-06-15");
        query.Require("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        var date = query["X-Amz-Date"];
        var accessKey = RequireScope(query["X-Amz-Credential"].Split('/'), date, region);
        var signed = query["X-Amz-SignedHeaders"];
        if (signed is not (SignedHeaders or SignedHeadersWithTenant)) throw new RefusedProofException("signed_headers");
        var signature = query["X-Amz-Signature"];
        if (signature.Length != SignatureChars || !signature.All(char.IsAsciiHexDigitLower)) throw Malformed("signature");
        var signedAt = TimeOf(date);
        // To some dates that can be written nothing can be added.
        if (signedAt > now + ClockSkew) throw new RefusedProofException("not_fresh");
        return new AwsProof(host, accessKey, query.ToString(), signed == SignedHeadersWithTenant, signature, signedAt, signedAt + LifetimeOf(query["X-Amz-Expires"]));
    }

    /// <summary>Whether it counts at a time.</summary>
    public bool IsFresh(DateTimeOffset now) => SignedAt <= now + ClockSkew && now < ExpiresAt + ClockSkew;

    private static RefusedProofException Malformed(string part) => new($"malformed_{part}");

    private static string Decode(string text)
    {
        if (text.Length > MaxChars) throw new RefusedProofException("oversized");
        if (!Base64Url.IsValid(text)) throw Malformed("base64url");
        var bytes = Base64Url.DecodeFromChars(text);
        return Array.TrueForAll(bytes, each => each is > (byte)' ' and < 127) ? Encoding.ASCII.GetString(bytes) : throw Malformed("characters");
    }

    // Access key, day, region, service and the end that all have.
    private static string RequireScope(string[] scope, string date, string region)
    {
        if (scope is not [{ Length: >= 16 and <= 128 } key, var day, var signedRegion, "sts", "aws4_request"] || !key.All(char.IsAsciiLetterOrDigit)) throw Malformed("credential");
        if (!date.StartsWith(day, StringComparison.Ordinal) || day.Length != 8 || signedRegion != region) throw new RefusedProofException("scope");
        return key;
    }

    private static DateTimeOffset TimeOf(string date) =>
        DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw Malformed("date");

    private static TimeSpan LifetimeOf(string seconds) =>
        seconds.Length <= 4 && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var lifetime) && lifetime >= 1 && lifetime <= MaxLifetime.TotalSeconds
            ? TimeSpan.FromSeconds(lifetime)
            : throw new RefusedProofException("lifetime");
}
