using System.Net.Sockets;
using AgentRuntime.Hosting;
using AgentRuntime.Testing.Tls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>Who comes into a cluster of real processes with mutual TLS, and who does not. On DynamoDB Local, moto and fauxqs.</summary>
public sealed class SecuredClusterTests(SecuredCluster cluster) : IClassFixture<SecuredCluster>, IAsyncLifetime
{
    private const int Work = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // For the client in this process.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        await cluster.StartAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public Task Work_OnThreeSilos_Ends() => cluster.WorkAsync(Work);

    [Fact]
    public async Task Silo_WithoutACertificateOfTheCluster_DoesNotJoin()
    {
        using var foreign = new ClusterAuthority("foreign");
        using var signedElsewhere = new ProcessFiles(foreign, CertificateDraft.Silo(SecuredCluster.Id));
        signedElsewhere.Trust(cluster.Authority, foreign);
        using var ofAnother = new ProcessFiles(cluster.Authority, CertificateDraft.Silo("other"));
        using var ended = new ProcessFiles(cluster.Authority, CertificateDraft.Silo(SecuredCluster.Id) with { Until = TimeProvider.System.GetUtcNow().AddMinutes(-1) });

        await Task.WhenAll(
            DoesNotJoinAsync(await cluster.EnvironmentAsync(signedElsewhere), 5, "did not accept this process's certificate"),
            DoesNotJoinAsync(new(await cluster.EnvironmentAsync(ofAnother)) { ["AGENTRT_Silo__Tls__SiloName"] = "urn:agentruntime:cluster:other:silo" }, 5, "does not carry the name urn:agentruntime:cluster:other:silo"),
            DoesNotJoinAsync(await cluster.EnvironmentAsync(ended), 2, "Silo:Tls:Certificate:Path is of a certificate that ended on"),
            DoesNotJoinAsync(await cluster.EnvironmentAsync(null), null, "I have been told I am dead"));

        Assert.Contains(cluster.Silos, silo => silo.Errors.Contains("does not lead to an authority in Silo:Tls:Authority", StringComparison.Ordinal));
        Assert.Contains(cluster.Silos, silo => silo.Errors.Contains("no handshake of mutual TLS came about", StringComparison.Ordinal));
        await SecuredCluster.WaitAsync(cluster.Silos);
        await cluster.WorkAsync(Work);
    }

    [Fact]
    public async Task Client_OfTheCluster_ComesInByItsCertificateAlone()
    {
        using var good = new ProcessFiles(cluster.Authority, CertificateDraft.Client(SecuredCluster.Id));
        using var foreign = new ClusterAuthority("foreign");
        using var signedElsewhere = new ProcessFiles(foreign, CertificateDraft.Client(SecuredCluster.Id));
        signedElsewhere.Trust(cluster.Authority, foreign);

        Assert.Equal(3, await CountSilosAsync(await ConnectAsync(good)));
        Assert.Null(await ConnectAsync(signedElsewhere));
        Assert.Contains(cluster.Silos, silo => silo.Errors.Contains("does not lead to an authority in Silo:Tls:Authority", StringComparison.Ordinal));
        var without = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(null));
        Assert.Contains("Silo:Tls:Certificate:Path is missing", without.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_OnWhichManyKnockAndSayNothingSensible_GoOnWorking()
    {
        var knocking = new List<TcpClient>();
        byte[][] words = [[], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, .. new byte[49]]];
        for (var each = 0; each < 300; each++)
        {
            foreach (var word in words)
            {
                var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", cluster.Silos[each % 3].Options.SiloPort, Stop);
                await client.GetStream().WriteAsync(word, Stop);
                knocking.Add(client);
            }
        }

        await cluster.WorkAsync(Work);
        var late = await cluster.StartAsync(cluster.Options(await cluster.EnvironmentAsync(cluster.Files)));
        await SecuredCluster.WaitAsync([.. cluster.Silos, late]);
        late.Terminate();
        Assert.Equal(0, await late.WaitForExitAsync(Patience));
        await SecuredCluster.WaitAsync(cluster.Silos);
        knocking.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Certificates_RenewedUnderAnotherAuthority_AreTakenWhileWorkGoesOn()
    {
        using var next = new ClusterAuthority("next");
        cluster.Files.Trust(cluster.Authority, next);
        cluster.Files.Take(next, CertificateDraft.Silo(SecuredCluster.Id));
        using var later = new ProcessFiles(next, CertificateDraft.Silo(SecuredCluster.Id));
        await cluster.WorkAsync(Work);

        // It trusts the new authority alone: others have to show the new certificate.
        var late = await cluster.StartAsync(cluster.Options(await cluster.EnvironmentAsync(later)));
        await SecuredCluster.WaitAsync([.. cluster.Silos, late]);
        await cluster.WorkAsync(Work);
        late.Terminate();
        Assert.Equal(0, await late.WaitForExitAsync(Patience));
        await SecuredCluster.WaitAsync(cluster.Silos);
        cluster.Files.Take(cluster.Authority, CertificateDraft.Silo(SecuredCluster.Id));
    }

    private async Task DoesNotJoinAsync(Dictionary<string, string> environment, int? code, string reason)
    {
        var intruder = cluster.Launch(cluster.Options(environment));
        var ended = await intruder.WaitForExitAsync(Patience);
        Assert.True(code is null ? ended != 0 : ended == code, $"{ended}: {intruder.Errors}");
        Assert.Contains(reason, intruder.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(intruder.Events, line => line.GetProperty("event").GetString() == "ready");
    }

    private async Task<IHost?> ConnectAsync(ProcessFiles? files)
    {
        var environment = await cluster.EnvironmentAsync(files);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(environment
            .Where(each => each.Key.StartsWith(AgentRuntimeHost.SettingPrefix, StringComparison.Ordinal))
            .Select(each => KeyValuePair.Create(each.Key[AgentRuntimeHost.SettingPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)each.Value))).Build();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        await builder.AddClusterClientAsync(settings, Stop);
        var host = builder.Build();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await host.StartAsync(deadline.Token);
            return host;
        }
        catch (Exception)
        {
            host.Dispose();
            return null;
        }
    }

    private static async Task<int> CountSilosAsync(IHost? host)
    {
        using var client = Assert.IsType<IHost>(host, exactMatch: false);
        var silos = await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        await client.StopAsync(Stop);
        return silos.Count;
    }
}
