using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>A silo that listens on all addresses with TLS, and an agentctl beside it.</summary>
public sealed class SecureSiloTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _keys = new();

    public void Dispose()
    {
        _folder.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public async Task Commands_FindASiloThatListensWithTls_ByItsDataFolder()
    {
        Directory.CreateDirectory(_keys.Path);
        await WriteCertificateAsync();
        await using var silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path) with
        {
            Environment = new Dictionary<string, string>
            {
                ["AGENTRT_FrontDoor__Certificate__Path"] = _keys.At("tls.crt"),
                ["AGENTRT_FrontDoor__Certificate__KeyPath"] = _keys.At("tls.key"),
            },
        });
        using var agentctl = new Agentctl(_folder.Path);

        (await agentctl.RunAsync("run", "list")).FailsWith(3, "certificate");
        agentctl.Trusts = _keys.At("tls.crt");

        Assert.Contains("No runs of tenant demo.", await agentctl.OkAsync("run", "list"), StringComparison.Ordinal);
        Assert.Contains($"https://localhost:{silo.Options.GrpcPort}", await agentctl.OkAsync("doctor"), StringComparison.Ordinal);
        var ready = await silo.WaitForAsync("ready", _ => true, SiloProcess.ReadyPatience);
        Assert.Equal(
            ($"https://localhost:{silo.Options.GrpcPort}", $"https://localhost:{silo.Options.HttpPort}"),
            (ready.GetProperty("grpc").GetString(), ready.GetProperty("http").GetString()));
    }

    private async Task WriteCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(_keys.At("tls.crt"), made.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_keys.At("tls.key"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
    }
}
