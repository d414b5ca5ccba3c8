using AgentRuntime.Certificates;
using AgentRuntime.Common;
using AgentRuntime.Hosting.Tls;
using AgentRuntime.Testing.Tls;

namespace AgentRuntime.Silo.Tests.Hosting.Tls;

/// <summary>What a process finds wrong with its own files at start, before others refuse them.</summary>
public sealed class ClusterTlsPlanTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly ClusterAuthority _authority = new();
    private readonly ProcessFiles _files;
    private readonly ClusterTlsOptions _options;

    public ClusterTlsPlanTests()
    {
        _files = new ProcessFiles(_authority, CertificateDraft.Silo("mine"));
        _options = new ClusterTlsOptions { Certificate = new CertificateOptions { Path = _files.Certificate, KeyPath = _files.Key }, Authority = _files.Authority };
    }

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public void Of_GoodFiles_NamesTheCluster()
    {
        var plan = Plan();
        Assert.Equal(("urn:agentruntime:cluster:mine:silo", "urn:agentruntime:cluster:mine:client"), (plan.Names.Silo, plan.Names.Client));
        Assert.Equal("CN=process", plan.Certificate.Context.TargetCertificate.Subject);
    }

    [Theory]
    [InlineData("Silo:Tls:Certificate:Path is missing")]
    [InlineData("Silo:Tls:Certificate:KeyPath is missing")]
    [InlineData("Silo:Tls:Authority is missing")]
    public void Of_MissingSetting_NamesIt(string message)
    {
        if (message.Contains(":Path", StringComparison.Ordinal)) _options.Certificate.Path = null;
        else if (message.Contains(":KeyPath", StringComparison.Ordinal)) _options.Certificate.KeyPath = null;
        else _options.Authority = null;
        RefusedFor(message);
    }

    [Fact]
    public void Of_AuthoritiesThatCannotBeRead_NamesTheSetting()
    {
        File.WriteAllText(_files.Authority, "no certificate");
        RefusedFor("Silo:Tls:Authority holds 0 certificates");
        File.Delete(_files.Authority);
        RefusedFor("Silo:Tls:Authority cannot be used");
    }

    [Fact]
    public void Of_ACertificateThatOthersWouldRefuse_SaysWhy()
    {
        using var foreign = new ClusterAuthority("foreign");
        _files.Take(foreign, CertificateDraft.Silo("mine"));
        RefusedFor("Silo:Tls:Certificate:Path cannot be used: the certificate of 'CN=process'", "does not lead to an authority in Silo:Tls:Authority");
        _files.Take(_authority, CertificateDraft.Silo("other"));
        RefusedFor("does not carry the name urn:agentruntime:cluster:mine:silo");
        _files.Take(_authority, CertificateDraft.Silo("mine") with { Uses = ["1.3.6.1.5.5.7.3.1"] });
        RefusedFor("is not made for clientAuth");
        _files.Take(_authority, CertificateDraft.Silo("mine") with { Until = Now.AddMinutes(-1) });
        RefusedFor("Silo:Tls:Certificate:Path is of a certificate that ended on");
    }

    [Fact]
    public void Of_AClient_NeedsAClientsCertificate()
    {
        RefusedFor(PeerRole.Client, "does not carry the name urn:agentruntime:cluster:mine:client");
        _files.Take(_authority, CertificateDraft.Client("mine"));
        Assert.NotNull(Plan(PeerRole.Client));
        RefusedFor("is not made for serverAuth");
    }

    [Fact]
    public void Of_NamesOfOnesOwn_AsksForThem()
    {
        _options.SiloName = "spiffe://example.com/{cluster}/silo";
        RefusedFor("does not carry the name spiffe://example.com/mine/silo");
        _files.Take(_authority, new CertificateDraft("spiffe://example.com/mine/silo"));
        Assert.NotNull(Plan());
    }

    [Theory]
    [InlineData("no uri", "Silo:Tls:SiloName is 'no uri'")]
    [InlineData("urn:agentruntime:cluster:mine:client", "Silo:Tls:ClientName is the same as SiloName")]
    public void Of_NamesThatAreNone_NamesTheSetting(string name, string message)
    {
        _options.SiloName = name;
        RefusedFor(message);
    }

    private void RefusedFor(params string[] texts) => RefusedFor(PeerRole.Silo, texts);

    private void RefusedFor(PeerRole role, params string[] texts)
    {
        var refused = Assert.ThrowsAny<AgentRuntimeException>(() => Plan(role));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.All(texts, text => Assert.Contains(text, refused.Message, StringComparison.Ordinal));
    }

    private ClusterTlsPlan Plan(PeerRole role = PeerRole.Silo) => ClusterTlsPlan.Of(_options, "mine", role, Now);
}
