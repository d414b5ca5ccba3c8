using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Certificates;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Listening;

namespace AgentRuntime.Silo.Tests.FrontDoor.Listening;

public sealed class ListeningPlanTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentrt-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Of_Defaults_ListensOnLoopbackInClearText()
    {
        var plan = ListeningPlan.Of(new ListeningOptions(), hasIssuers: false, Now);
        Assert.Equal(("127.0.0.1", false, "http"), (plan.Address.ToString(), plan.IsSecure, plan.Scheme));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public void Of_OtherAddress_NeedsTlsAnIssuerAndHosts(string address)
    {
        RefusedFor("clear text", new ListeningOptions { Address = address, Hosts = { "agents.example.com" } });
        RefusedFor("development issuer", new ListeningOptions { Address = address, TlsTerminatedUpstream = true, Hosts = { "agents.example.com" } }, hasIssuers: false);
        RefusedFor("development issuer", new ListeningOptions { TlsTerminatedUpstream = true }, hasIssuers: false);
        RefusedFor("FrontDoor:Hosts is empty", new ListeningOptions { Address = address, TlsTerminatedUpstream = true });
        var plan = ListeningPlan.Of(new ListeningOptions { Address = address, TlsTerminatedUpstream = true, Hosts = { "agents.example.com" } }, hasIssuers: true, Now);
        Assert.Equal((true, "http"), (plan.IsSecure, plan.Scheme));
        plan = ListeningPlan.Of(new ListeningOptions { Address = address, Certificate = Certificate(Now.AddDays(1)), Hosts = { "agents.example.com" } }, hasIssuers: true, Now);
        Assert.Equal((true, "https"), (plan.IsSecure, plan.Scheme));
    }

    [Fact]
    public void Of_WrongSettings_AreRefusedByKey()
    {
        RefusedFor("FrontDoor:Address is 'localhost'", new ListeningOptions { Address = "localhost" });
        RefusedFor("FrontDoor:Hosts", new ListeningOptions { Hosts = { "agents.example.com:443" } });
        RefusedFor("FrontDoor:Certificate:Path is missing", new ListeningOptions { Certificate = new CertificateOptions() });
        RefusedFor("FrontDoor:Certificate:KeyPath is missing", new ListeningOptions { Certificate = new CertificateOptions { Path = "a.pem" } });
        RefusedFor("FrontDoor:Certificate cannot be used", new ListeningOptions { Certificate = new CertificateOptions { Path = "a.pem", KeyPath = "b.pem" } });
        RefusedFor("ended on", new ListeningOptions { Certificate = Certificate(Now.AddDays(-1)) });
    }

    [Theory]
    [InlineData("127.0.0.1", null, "http://127.0.0.1:5101")]
    [InlineData("::1", null, "http://[::1]:5101")]
    [InlineData("0.0.0.0", null, "http://127.0.0.1:5101")]
    [InlineData("192.0.2.1", null, "http://shop.example.com:5101")]
    [InlineData("127.0.0.1", "agents.example.com", "https://agents.example.com:5101")]
    [InlineData("0.0.0.0", "agents.example.com", "https://agents.example.com:5101")]
    [InlineData("::", "localhost", "https://localhost:5101")]
    [InlineData("192.0.2.1", "agents.example.com", "https://agents.example.com:5101")]
    [InlineData("127.0.0.1", "elsewhere.example.com", "https://127.0.0.1:5101")]
    public void At_APort_IsTheAddressForCallersOnThisMachine(string address, string? certified, string expected)
    {
        var options = new ListeningOptions { Address = address, TlsTerminatedUpstream = true, Hosts = { "shop.example.com", "agents.example.com" } };
        if (certified is not null) options.Certificate = Certificate(Now.AddDays(1), certified);
        Assert.Equal(expected, ListeningPlan.Of(options, hasIssuers: true, Now).At(5101));
    }

    private CertificateOptions Certificate(DateTimeOffset until, string name = "agents.example.com")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(until.AddDays(-2), until);
        var files = new CertificateOptions { Path = Path.Combine(_folder.FullName, "tls.crt"), KeyPath = Path.Combine(_folder.FullName, "tls.key") };
        File.WriteAllText(files.Path, made.ExportCertificatePem());
        File.WriteAllText(files.KeyPath, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    private static void RefusedFor(string reason, ListeningOptions options, bool hasIssuers = true)
    {
        var fault = Assert.Throws<AgentRuntimeException>(() => ListeningPlan.Of(options, hasIssuers, Now));
        Assert.Equal(ErrorCode.InvalidArgument, fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }
}
