using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AgentRuntime.Testing;

/// <summary>A presigned GetCallerIdentity in the making, which a test may spoil in any way before it is signed and after.</summary>
internal sealed class ProofDraft
{
    public ProofDraft(string cluster, DateTimeOffset at, string user = StsDouble.AppKey, string host = "sts.amazonaws.com", string region = "us-east-1")
    {
        Secret = StsDouble.SecretOf(user);
        Headers = new() { ["host"] = host, ["x-agentruntime-cluster"] = cluster };
        var date = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        Parameters = new()
        {
            ["Action"] = "GetCallerIdentity",
            ["Version"] = "2011-06-15",
            ["X-Amz-Algorithm"] = "AWS4-HMAC-SHA256",
            ["X-Amz-Credential"] = $"{user}/{date[..8]}/{region}/sts/aws4_request",
            ["X-Amz-Date"] = date,
            ["X-Amz-Expires"] = "60",
            ["X-Amz-Security-Token"] = "session+token/of==" + user,
        };
    }

    public string Secret { get; set; }

    public Dictionary<string, string> Parameters { get; }

    /// <summary>What is signed.</summary>
    public Dictionary<string, string> Headers { get; }

    /// <summary>The URL.</summary>
    public string Url()
    {
        Parameters["X-Amz-SignedHeaders"] = string.Join(';', Headers.Keys.Order(StringComparer.Ordinal));
        var signature = SigV4.Sign(Secret, Parameters, Headers);
        var query = string.Join('&', Parameters.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}"));
        return $"https://{Headers["host"]}/?{query}&X-Amz-Signature={signature}";
    }

    /// <summary>The proof, as it stands behind the scheme in the header.</summary>
    public string Text() => Encode(Url());

    public static string Encode(string url) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(url));
}
