using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace AgentRuntime.Aws.Identity;

/// <summary>
/// Proofs of who this process is for AWS, for a cluster of the agent runtime: presigned requests GetCallerIdentity of AWS STS that sign the cluster's id. The
/// cluster sends the request on and believes what STS answers; credentials never leave this process.
/// </summary>
public static class AwsIdentityProof
{
    /// <summary>How long a proof is good, in seconds. It is good for one call; the answer brings a session for the next ones.</summary>
    public const int LifetimeSeconds = 60;

    private const string Service = "sts";

    /// <summary>Makes the value of the header <c>authorization</c>: <c>AWS-STS</c> and the URL in base64url (RFC 4648, section 5). Each one counts once.</summary>
    /// <param name="credentials">Those of a session of a role that the cluster knows.</param>
    /// <param name="region">The region whose STS endpoint is signed for, by its name in its partition; the cluster must allow it.</param>
    /// <param name="cluster">The cluster's id, which is signed as <c>x-agentruntime-cluster</c>.</param>
    /// <param name="tenant">
    /// Null where the role speaks for one tenant or for none. Else the tenant that is meant, which is signed as <c>x-agentruntime-tenant</c>; the call sends the
    /// same header.
    /// </param>
    /// <param name="time">The clock; null is the system's. It may be a minute off that of the cluster.</param>
    /// <exception cref="AmazonClientException">The credentials cannot be had.</exception>
    public static async Task<string> CreateAsync(AWSCredentials credentials, string region, string cluster, string? tenant = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentException.ThrowIfNullOrEmpty(region);
        ArgumentException.ThrowIfNullOrEmpty(cluster);
        var keys = await credentials.GetCredentialsAsync();
        var request = new DefaultRequest(new GetCallerIdentity(), Service)
        {
            HttpMethod = "GET",
            Endpoint = new Uri($"https://sts.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}"),
            ResourcePath = "/",
            UseQueryString = true,
        };
        request.Headers["x-agentruntime-cluster"] = cluster;
        if (tenant is not null) request.Headers["x-agentruntime-tenant"] = tenant;
        request.Parameters["Action"] = "GetCallerIdentity";
        request.Parameters["Version"] = "2011-06-15";
        request.Parameters["X-Amz-Expires"] = LifetimeSeconds.ToString(CultureInfo.InvariantCulture);
        if (keys.UseToken) request.Parameters["X-Amz-Security-Token"] = keys.Token;
        var signed = AWS4PreSignedUrlSigner.SignRequest(
            request, clientConfig: null, metrics: null, keys.AccessKey, keys.SecretKey, Service, region, (time ?? TimeProvider.System).GetUtcNow().UtcDateTime);
        var query = string.Join('&', request.Parameters.Select(static each => $"{each.Key}={Uri.EscapeDataString(each.Value)}"));
        return $"AWS-STS {Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{request.Endpoint}?{query}&{signed.ForQueryParameters}"))}";
    }

    private sealed class GetCallerIdentity : AmazonWebServiceRequest;
}
