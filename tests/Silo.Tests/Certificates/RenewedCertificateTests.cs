using AgentRuntime.Certificates;
using AgentRuntime.Silo.Tests.FrontDoor.Listening;
using AgentRuntime.Silo.Tests.Mcp;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.Certificates;

public sealed class RenewedCertificateTests : IDisposable
{
    private static readonly TimeSpan LookedAtEvery = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentrt-");
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly CertificateOptions _files;
    private readonly string _first;
    private readonly ListLogger _log = new();
    private readonly RenewedCertificate<LoadedCertificate> _certificate;

    public RenewedCertificateTests()
    {
        _files = new CertificateOptions { Path = Path.Combine(_folder.FullName, "tls.crt"), KeyPath = Path.Combine(_folder.FullName, "tls.key") };
        _first = _authority.Issue(_files, "agents.example.com");
        _certificate = new RenewedCertificate<LoadedCertificate>(Read(_time.GetUtcNow()), Read, LookedAtEvery, _time, _log);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Current_OfUnchangedFiles_IsTheSameObject()
    {
        var before = _certificate.Current();
        _time.Advance(LookedAtEvery);
        Assert.Same(before, _certificate.Current());
        Assert.Equal("CN=Test intermediate", Assert.Single(before.Context.IntermediateCertificates).Subject);
    }

    [Fact]
    public void Current_OfFilesThatCannotBeUsed_IsTheOneBeforeUntilTheyCan()
    {
        var oldKey = File.ReadAllText(_files.KeyPath!);
        var renewed = _authority.Issue(_files, "agents.example.com");
        var newKey = File.ReadAllText(_files.KeyPath!);
        foreach (var broken in new[] { oldKey, "", "rubbish", null })
        {
            if (broken is null) File.Delete(_files.KeyPath!);
            else File.WriteAllText(_files.KeyPath!, broken);
            Assert.Equal(_first, Later());
        }

        Assert.Equal(4, _log.Lines.Count(line => line.Contains("go on getting the certificate from before", StringComparison.Ordinal)));
        File.WriteAllText(_files.KeyPath!, newKey);
        Assert.Equal(renewed, Later());
    }

    [Fact]
    public void Current_OfACertificateThatIsNotGoodYet_IsTheOneBeforeUntilItIs()
    {
        var tomorrow = _authority.Issue(_files, "agents.example.com", _time.GetUtcNow().AddDays(1));

        Assert.Equal(_first, Later());

        var line = Assert.Single(_log.Lines);
        Assert.Contains("go on getting the certificate from before", line, StringComparison.Ordinal);
        Assert.Contains("good only from", line, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(tomorrow, Later());
    }

    private string Later()
    {
        _time.Advance(LookedAtEvery);
        return _certificate.Current().Context.TargetCertificate.SerialNumber;
    }

    private LoadedCertificate Read(DateTimeOffset now) => LoadedCertificate.Read(_files, "FrontDoor:Certificate", now);
}
