using System.Diagnostics;
using System.Net;
using AgentRuntime.Aws.Identity;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Amazon.Runtime;

namespace AgentRuntime.Aws.Tests.Identity;

/// <summary>Whether what the SDK and botocore sign is what the front door takes and what a verifier of signatures finds good.</summary>
public sealed class AwsIdentityProofTests : IAsyncLifetime
{
    private const string Region = "eu-central-1";

    // As README has it.
    private const string Botocore = """
        import base64, sys
        from botocore.auth import SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        def proof(credentials, region, cluster, tenant=None):
            headers = {"x-agentruntime-cluster": cluster}
            if tenant: headers["x-agentruntime-tenant"] = tenant
            url = f"https://sts.{region}.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
            request = AWSRequest("GET", url, headers=headers)
            SigV4QueryAuth(credentials, "sts", region, expires=60).add_auth(request)
            return "AWS-STS " + base64.urlsafe_b64encode(request.url.encode()).decode().rstrip("=")

        _, key, secret, token, region, cluster, tenant = sys.argv
        print(proof(Credentials(key, secret, token), region, cluster, tenant or None))
        """;

    private StsDouble _sts = null!;

    public async ValueTask InitializeAsync() => _sts = await StsDouble.StartAsync();

    public ValueTask DisposeAsync() => _sts.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("acme")]
    public async Task CreateAsync_ByTheSdksSigner_IsFoundGood(string? tenant)
    {
        var credentials = new SessionAWSCredentials(StsDouble.AppKey, StsDouble.SecretOf(StsDouble.AppKey), "a+token/with=signs==");
        await RequireGoodAsync(await AwsIdentityProof.CreateAsync(credentials, Region, "c1", tenant), tenant);
    }

    [Theory]
    [InlineData("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com")]
    [InlineData("cn-north-1", "sts.cn-north-1.amazonaws.com.cn")]
    [InlineData("cn-new-9", "sts.cn-new-9.amazonaws.com.cn")]
    [InlineData("eu-new-9", "sts.eu-new-9.amazonaws.com")]
    public async Task CreateAsync_InAnyPartition_IsForTheHostOfItsRegion(string region, string host)
    {
        var header = await AwsIdentityProof.CreateAsync(new BasicAWSCredentials(StsDouble.AppKey, StsDouble.SecretOf(StsDouble.AppKey)), region, "c1");
        var proof = AwsProof.Parse(header[AwsCallers.ProofScheme.Length..], TimeProvider.System.GetUtcNow(), name => name == host ? region : null);
        Assert.Equal(host, proof.Host);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(proof, "c1", null));
    }

    [Fact]
    public async Task CreateAsync_WithoutASessionToken_IsFoundGood() =>
        await RequireGoodAsync(await AwsIdentityProof.CreateAsync(new BasicAWSCredentials(StsDouble.AppKey, StsDouble.SecretOf(StsDouble.AppKey)), Region, "c1"), null);

    [Theory]
    [InlineData("")]
    [InlineData("acme")]
    public async Task Proof_OfBotocore_IsFoundGood(string tenant)
    {
        var python = await PythonPackages.RequireAsync();
        var start = new ProcessStartInfo(python, ["-c", Botocore, StsDouble.AppKey, StsDouble.SecretOf(StsDouble.AppKey), "a+token/with=signs==", Region, "c1", tenant]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var proof = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await RequireGoodAsync(proof, tenant.Length == 0 ? null : tenant);
    }

    private async Task RequireGoodAsync(string header, string? tenant)
    {
        Assert.StartsWith(AwsCallers.ProofScheme, header, StringComparison.Ordinal);
        var proof = AwsProof.Parse(header[AwsCallers.ProofScheme.Length..], TimeProvider.System.GetUtcNow(), host => host == $"sts.{Region}.amazonaws.com" ? Region : null);
        Assert.True(proof.IsFresh(TimeProvider.System.GetUtcNow()));
        Assert.Equal(tenant is not null, proof.SignsTenant);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(proof, "c1", tenant));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(proof, "c2", tenant));
    }

    private async Task<HttpStatusCode> AskAsync(AwsProof proof, string cluster, string? tenant)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_sts.Endpoint, $"/?{proof.Query}"));
        request.Headers.Host = proof.Host;
        request.Headers.Add(AwsProof.ClusterHeader, cluster);
        if (tenant is not null) request.Headers.Add(AwsProof.TenantHeader, tenant);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
