using System.Text;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.AwsProofs;

/// <summary>What is refused before STS is asked.</summary>
public sealed class AwsProofTests : IAsyncLifetime
{
    private ProofBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ProofBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts.evil.example/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts.us-west-2.amazonaws.com/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts.amazonaws.com@evil.example/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://evil.example:x@sts.amazonaws.com/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts.amazonaws.com:443/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts.amazonaws.com:8443/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://STS.amazonaws.com/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts.amazonaws.com./")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts%2eamazonaws.com/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts.amazonaws.com\\evil.example/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://[::1]/")]
    [InlineData("host", "https://sts.amazonaws.com/", "https:///")]
    [InlineData("host", "https://sts.amazonaws.com/?", "https://sts.amazonaws.com?")]
    [InlineData("host", "https://sts.amazonaws.com/", "https://sts-fips.us-east-1.amazonaws.com/")]
    [InlineData("malformed_scheme", "https://", "http://")]
    [InlineData("malformed_scheme", "https://", "HTTPS://")]
    [InlineData("malformed_path", ".com/?", ".com//?")]
    [InlineData("malformed_path", ".com/?", ".com/x?")]
    [InlineData("malformed_path", ".com/?", ".com/#?")]
    [InlineData("encoding", "2011-06-15", "2011-06-15#x")]
    [InlineData("encoding", "2011-06-15", "2011-06-15%")]
    [InlineData("encoding", "2011-06-15", "2011-06-15%0a")]
    [InlineData("encoding", "2011-06-15", "2011-06-15+")]
    [InlineData("malformed_characters", "2011-06-15", "2011-06-15 ")]
    [InlineData("malformed_characters", "2011-06-15", "2011-06-15\u00e9")]
    [InlineData("parameters", "Version=", "Action=GetCallerIdentity&Version=")]
    [InlineData("parameters", "Version=", "version=")]
    [InlineData("parameters", "Version=", "Ver%73ion=")]
    [InlineData("parameters", "Version=2011-06-15&", "")]
    [InlineData("parameters", "Version=2011-06-15", "Version=")]
    [InlineData("parameters", "Version=2011-06-15&", "Version=2011-06-15&&")]
    [InlineData("parameters", "&X-Amz-Security-Token=", "&RoleArn=x&X-Amz-Security-Token=")]
    [InlineData("parameters", "X-Amz-Security-Token=", "RoleArn=")]
    [InlineData("parameter_Action", "GetCallerIdentity", "GetSessionToken")]
    [InlineData("parameter_Version", "2011-06-15", "2011-06-16")]
    [InlineData("parameter_X-Amz-Algorithm", "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")]
    [InlineData("lifetime", "X-Amz-Expires=60", "X-Amz-Expires=301")]
    [InlineData("lifetime", "X-Amz-Expires=60", "X-Amz-Expires=0")]
    [InlineData("lifetime", "X-Amz-Expires=60", "X-Amz-Expires=-1")]
    [InlineData("lifetime", "X-Amz-Expires=60", "X-Amz-Expires=99999999999")]
    [InlineData("scope", "us-east-1%2Fsts", "us-west-2%2Fsts")]
    [InlineData("malformed_credential", "%2Fsts%2F", "%2Fs3%2F")]
    [InlineData("malformed_credential", "aws4_request", "aws4_request%2Fx")]
    [InlineData("malformed_date", "X-Amz-Date=20360301T120000Z", "X-Amz-Date=20360301T126000Z")]
    [InlineData("scope", "X-Amz-Date=20360301T120000Z", "X-Amz-Date=20360302T120000Z")]
    [InlineData("signed_headers", "host%3Bx-agentruntime-cluster%3Bx-agentruntime-tenant", "host")]
    [InlineData("signed_headers", "host%3Bx-agentruntime-cluster%3Bx-agentruntime-tenant", "host%3Bx-agentruntime-tenant")]
    [InlineData("signed_headers", "host%3Bx-agentruntime-cluster%3Bx-agentruntime-tenant", "x-agentruntime-cluster")]
    [InlineData("signed_headers", "host%3Bx-agentruntime-cluster%3Bx-agentruntime-tenant", "accept%3Bhost%3Bx-agentruntime-cluster")]
    public async Task Read_SpoiltUrl_IsRefusedBeforeStsIsAsked(string reason, string part, string instead)
    {
        var url = _bench.Draft().Url();
        Assert.Contains(part, url, StringComparison.Ordinal);
        await _bench.RefusesAsync(reason, ProofDraft.Encode(url.Replace(part, instead, StringComparison.Ordinal)));
        Assert.Empty(_bench.Sts.Hosts);
    }

    [Fact]
    public async Task Read_SignatureInOtherLetters_IsRefusedBeforeStsIsAsked()
    {
        var url = _bench.Draft().Url();
        await _bench.RefusesAsync("malformed_signature", ProofDraft.Encode(url[..^64] + url[^64..].ToUpperInvariant()));
        await _bench.RefusesAsync("malformed_signature", ProofDraft.Encode(url + "0"));
        Assert.Empty(_bench.Sts.Hosts);
    }

    [Fact]
    public async Task Read_DateAtEitherEndOfTheCalendar_IsRefusedBeforeStsIsAsked()
    {
        await _bench.RefusesAsync("not_fresh", new ProofDraft(ProofBench.Cluster, DateTimeOffset.MaxValue) { Headers = { ["x-agentruntime-tenant"] = "acme" } }.Text());
        await _bench.RefusesAsync("not_fresh", new ProofDraft(ProofBench.Cluster, DateTimeOffset.MinValue) { Headers = { ["x-agentruntime-tenant"] = "acme" } }.Text());
        Assert.Empty(_bench.Sts.Hosts);
    }

    [Fact]
    public async Task Read_NoUrl_IsRefusedBeforeStsIsAsked()
    {
        await _bench.RefusesAsync("malformed_scheme", "");
        await _bench.RefusesAsync("malformed_base64url", "a*b");
        await _bench.RefusesAsync("oversized", _bench.Draft().Text() + new string('A', 9_000));
        var long1 = _bench.Draft();
        long1.Parameters["X-Amz-Security-Token"] = new string('x', 7_000);
        await _bench.RefusesAsync("oversized", long1.Text());
        await _bench.RefusesAsync("host", Convert.ToBase64String(Encoding.ASCII.GetBytes("https://")).TrimEnd('='));
        Assert.Empty(_bench.Sts.Hosts);
    }

    [Fact]
    public async Task Read_ValueAlteredAfterSigning_IsRefusedBySts()
    {
        var url = _bench.Draft().Url();
        await _bench.RefusesAsync("sts_refused", ProofDraft.Encode(url.Replace("X-Amz-Expires=60", "X-Amz-Expires=300", StringComparison.Ordinal)));
        await _bench.RefusesAsync("sts_refused", ProofDraft.Encode(_bench.Draft().Url().Replace("session%2B", "session-", StringComparison.Ordinal).Replace("X-Amz-Expires=60", "X-Amz-Expires=61", StringComparison.Ordinal)[..^1] + "0"));
    }
}
