using AgentRuntime.Testing;

namespace AgentRuntime.Cluster.Tests;

public sealed class MembershipTests : IAsyncDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(3);

    // The promise is 10 s for the runs of a dead silo; what follows the declaration needs some of them.
    private static readonly TimeSpan Declaration = TimeSpan.FromSeconds(8);

    private readonly SiloGroup _group = new();

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    [Fact]
    public async Task Start_ThreeAtOnceOnOneFolder_AreOneCluster()
    {
        var silos = await _group.StartClusterAsync(3);
        var clusters = silos.Select(silo => silo.Events.First(line => line.GetProperty("event").GetString() == "ready").GetProperty("cluster").GetString());
        Assert.Single(clusters.Distinct());
    }

    [Fact]
    public async Task Start_One_IsHealthyOnceReady()
    {
        var silo = await _group.StartAsync();
        using var http = new HttpClient();
        var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{silo.Options.HttpPort}/healthz"), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);

        // A page in a browser that reaches loopback through a name of its own is turned away.
        using var rebound = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{silo.Options.HttpPort}/healthz"));
        rebound.Headers.Host = "evil.example";
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.SendAsync(rebound, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Terminate_One_LeavesAndTheOthersKnowAtOnce()
    {
        var silos = await _group.StartClusterAsync(3);
        silos[1].Terminate();
        Assert.Equal(0, await silos[1].WaitForExitAsync(TimeSpan.FromSeconds(20)));
        await SiloGroup.WaitAsync([silos[0], silos[2]], [silos[0], silos[2]], AtOnce);
    }

    [Fact]
    public async Task Kill_OneOfThree_IsDeclaredDeadInTime()
    {
        var silos = await _group.StartClusterAsync(3);
        await silos[0].KillAsync();
        await SiloGroup.WaitAsync(silos.Skip(1), silos.Skip(1), Declaration);
    }

    [Fact]
    public async Task Kill_TwoOfThreeAtOnce_TheSurvivorDeclaresBoth()
    {
        var silos = await _group.StartClusterAsync(3);
        await Task.WhenAll(silos[0].KillAsync(), silos[2].KillAsync());
        await SiloGroup.WaitAsync([silos[1]], [silos[1]], Declaration);
    }

    [Fact]
    public async Task Kill_AllAndRestartOneElsewhere_IsNotHeldUpByTheDead()
    {
        var silos = await _group.StartClusterAsync(3);
        await Task.WhenAll(silos.Select(silo => silo.KillAsync()));
        var start = TimeProvider.System.GetTimestamp();
        var alone = await _group.StartAsync();
        await SiloGroup.WaitAsync([alone], [alone], AtOnce);
        var took = TimeProvider.System.GetElapsedTime(start);
        Assert.True(took < TimeSpan.FromSeconds(10), $"Active after {took}.");
    }

    [Fact]
    public async Task Kill_OneAndRestartOnItsPorts_ReplacesIt()
    {
        var silos = await _group.StartClusterAsync(2);
        await silos[0].KillAsync();
        var again = await _group.StartAsync(silos[0].Options);
        await SiloGroup.WaitAsync([again, silos[1]], [again, silos[1]], Declaration);
    }

    [Fact]
    public async Task Freeze_PastTheDeclaration_EndsTheSiloOnceItGoesOn()
    {
        var silos = await _group.StartClusterAsync(3);
        silos[2].Freeze();
        await SiloGroup.WaitAsync(silos.Take(2), silos.Take(2), TimeSpan.FromSeconds(15));
        silos[2].Thaw();

        // It may not work on under a membership that has given its work away.
        Assert.NotEqual(0, await silos[2].WaitForExitAsync(TimeSpan.FromSeconds(20)));
        await SiloGroup.WaitAsync(silos.Take(2), silos.Take(2), AtOnce);
        Assert.All(silos.Take(2), silo => Assert.False(silo.HasExited));
    }

    [Fact]
    public async Task Start_WithAnotherServiceId_IsRefusedNamingBoth()
    {
        await _group.StartAsync();
        var environment = new Dictionary<string, string> { ["AGENTRT_Silo__ServiceId"] = "another" };
        await using var other = SiloProcess.Launch(_group.NewOptions() with { Environment = environment });
        Assert.Equal(5, await other.WaitForExitAsync(TimeSpan.FromSeconds(15)));
        Assert.Contains("'agentruntime', not 'another'", other.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnATakenSeat_IsRefused()
    {
        var first = await _group.StartAsync();
        await using var second = SiloProcess.Launch(_group.NewOptions() with { SiloPort = first.Options.SiloPort });
        Assert.Equal(3, await second.WaitForExitAsync(TimeSpan.FromSeconds(15)));
        Assert.Contains($"{first.Options.SiloPort}", second.Errors, StringComparison.Ordinal);
        Assert.False(first.HasExited);
    }

    [Fact]
    public async Task Kill_DuringStart_LeavesNothingStale()
    {
        var options = _group.NewOptions();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await using var silo = SiloProcess.Launch(options);
            await Task.Delay(TimeSpan.FromMilliseconds(150 * attempt), TestContext.Current.CancellationToken);
            await silo.KillAsync();
        }

        await _group.StartAsync(options);
    }
}
