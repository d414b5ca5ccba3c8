using AgentRuntime.Common;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using AgentRuntime.Tools;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.Mcp;

public sealed class McpLinkTests : IDisposable
{
    private readonly OwnServer _server = new(OwnServer.Tool("say"), OwnServer.Tool("wait"), OwnServer.Tool("spawn"), OwnServer.Tool("deafen"), OwnServer.Tool("hang"),
        OwnServer.Tool("occupy"), OwnServer.Tool("flood"));

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Call_AfterAKill_GoesToANewProcess()
    {
        await using var bench = new McpBench(_server.Options());
        var say = await bench.ToolAsync("say");
        for (var i = 0; i < 3; i++)
        {
            Pid.Kill(_server.Processes()[^1]);
            await Pid.CollectedAsync(_server.Processes()[^1]);
            Assert.Equal(new ToolOutcome.Succeeded($"{i}", IsJson: false), await bench.CallAsync(say, new { text = $"{i}" }));
            Assert.Equal(i + 2, _server.Processes().Count);
        }
    }

    [Fact]
    public async Task Kill_DuringACall_IsTransientAndMayHaveHappened()
    {
        await using var bench = new McpBench(_server.Options());
        var call = bench.CallAsync(await bench.ToolAsync("wait"), new { });
        await _server.LoggedAsync("called");

        Pid.Kill(_server.Processes()[0]);

        var failed = Assert.IsType<ToolOutcome.Failed>(await call);
        Assert.Equal((ErrorCode.Unavailable, true, true), (failed.Code, failed.IsTransient, failed.Sent));
    }

    [Fact]
    public async Task Kill_OfTheServer_EndsWhatItStarted()
    {
        await using var bench = new McpBench(_server.Options());
        var outcome = Assert.IsType<ToolOutcome.Succeeded>(await bench.CallAsync(await bench.ToolAsync("spawn"), new { }));
        var grandchild = int.Parse(outcome.Result, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Pid.Runs(grandchild));

        Pid.Kill(_server.Processes()[0]);

        await Pid.GoneAsync(grandchild);
    }

    [Fact]
    public async Task Server_ThatReadsNoMore_IsReplaced()
    {
        await using var bench = new McpBench(_server.Options());
        var (say, deafen) = (await bench.ToolAsync("say", timeoutMs: 500), await bench.ToolAsync("deafen"));
        Assert.IsType<ToolOutcome.Succeeded>(await bench.CallAsync(deafen, new { }));

        // More than a pipe holds: the message stays half written.
        var failed = Assert.IsType<ToolOutcome.Failed>(await bench.CallAsync(say, new { text = new string('x', 1_000_000) }));

        Assert.Equal((ErrorCode.Timeout, true), (failed.Code, failed.Sent));
        await Eventually.TrueAsync(
            async () => await bench.CallAsync(say, new { text = "y" }) is ToolOutcome.Succeeded { Result: "y" }, "another process answers");
        Assert.Equal(2, _server.Processes().Count);
    }

    [Fact]
    public async Task Server_ThatHangs_IsReplaced()
    {
        var options = _server.Options();
        options.StartTimeoutSeconds = 2;
        await using var bench = new McpBench(options);
        var (say, hang) = (await bench.ToolAsync("say"), await bench.ToolAsync("hang", timeoutMs: 300));
        Assert.Equal(ErrorCode.Timeout, Assert.IsType<ToolOutcome.Failed>(await bench.CallAsync(hang, new { })).Code);

        Assert.Equal(new ToolOutcome.Succeeded("y", IsJson: false), await bench.CallAsync(say, new { text = "y" }));

        Assert.Equal(2, _server.Processes().Count);
        await Pid.GoneAsync(_server.Processes()[0]);
    }

    [Theory]
    [InlineData("silent", ErrorCode.Unavailable, true, "is busy")]
    [InlineData("error", ErrorCode.Unavailable, true, "-32603")]
    [InlineData("endless", ErrorCode.LimitExceeded, false, "pages")]
    public async Task List_ThatIsNotReadWhileACallIsUnderWay_FailsWhoAskedAndNotTheCall(string way, ErrorCode code, bool isTransient, string named)
    {
        var options = _server.Options();
        (options.StartTimeoutSeconds, options.RefreshSeconds) = (2, 0);
        await using var bench = new McpBench(options);
        var (say, occupy) = (await bench.ToolAsync("say"), await bench.ToolAsync("occupy"));
        var working = bench.CallAsync(occupy, new { way });
        await _server.LoggedAsync("called");

        var failed = Assert.IsType<ToolOutcome.Failed>(await bench.CallAsync(say, new { text = "x" }));

        Assert.Equal((code, isTransient, false), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains(named, failed.Message, StringComparison.Ordinal);
        _server.List(OwnServer.Tool("say"));
        Assert.Equal(new ToolOutcome.Succeeded("done", IsJson: false), await working);
        Assert.Equal(new ToolOutcome.Succeeded("y", IsJson: false), await bench.CallAsync(say, new { text = "y" }));
        Assert.Single(_server.Processes());
    }

    [Fact]
    public async Task Server_ThatFloods_IsBrokenOffAndReplaced()
    {
        await using var bench = new McpBench(_server.Options());
        var (say, flood) = (await bench.ToolAsync("say"), await bench.ToolAsync("flood"));

        var failed = Assert.IsType<ToolOutcome.Failed>(await bench.CallAsync(flood, new { }));

        Assert.Equal((ErrorCode.Unavailable, true, true), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains("1000 a second", failed.Message, StringComparison.Ordinal);
        Assert.Equal(new ToolOutcome.Succeeded("y", IsJson: false), await bench.CallAsync(say, new { text = "y" }));
        await Pid.GoneAsync(_server.Processes()[0]);
    }

    [Fact]
    public async Task Dispose_ServerThatStays_IsKilled()
    {
        var bench = new McpBench(_server.Options("stay"));
        await bench.ToolAsync("say");
        await bench.DisposeAsync();
        await Pid.GoneAsync(Assert.Single(_server.Processes()));
    }

    [Fact]
    public async Task Calls_AtOnce_ShareOneProcess()
    {
        await using var bench = new McpBench(_server.Options());
        var say = await bench.ToolAsync("say");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => bench.CallAsync(say, new { text = $"{i}" })));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), outcomes.Select(outcome => Assert.IsType<ToolOutcome.Succeeded>(outcome).Result));
        Assert.Single(_server.Processes());
    }

    [Fact]
    public async Task Call_OfAServerThatDoesNotStayUp_IsTransientAndNotSent_AndStartsItEverMoreRarely()
    {
        var clock = new FakeTimeProvider();
        ToolVersion say;
        await using (var bench = new McpBench(_server.Options())) say = await bench.ToolAsync("say");
        var before = _server.Processes().Count;
        await using var broken = new McpBench(_server.Options("die"), clock);

        foreach (var wait in new[] { 0, 500, 1_000, 2_000 })
        {
            var call = broken.CallAsync(say, new { text = "x" });
            if (wait > 0)
            {
                clock.Advance(TimeSpan.FromMilliseconds(wait - 1));
                var starts = _server.Processes().Count;
                Assert.False(call.IsCompleted);
                Assert.Equal(starts, _server.Processes().Count);
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }

            var failed = Assert.IsType<ToolOutcome.Failed>(await call.WaitAsync(TestRun.Patience, TestContext.Current.CancellationToken));
            Assert.Equal((ErrorCode.Unavailable, true, false), (failed.Code, failed.IsTransient, failed.Sent));
            Assert.Contains("'own' is not up: its process ended", failed.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before + 4, _server.Processes().Count);
    }

    [Fact]
    public async Task Program_ThatSaysNothing_IsGivenUpInTime()
    {
        ToolVersion say;
        await using (var bench = new McpBench(_server.Options())) say = await bench.ToolAsync("say");
        var options = new AgentRuntime.Mcp.Configuration.McpServerOptions { Command = { "/bin/sleep", "1000" }, Tenants = { "*" }, StartTimeoutSeconds = 1 };
        await using var silent = new McpBench(options);
        var failed = Assert.IsType<ToolOutcome.Failed>(await silent.CallAsync(say, new { text = "x" }));
        Assert.Equal((ErrorCode.Unavailable, true, false), (failed.Code, failed.IsTransient, failed.Sent));
        Assert.Contains("did not greet in time", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_Server_IsEndedAndStartedAgainByTheNextCall()
    {
        var clock = new FakeTimeProvider();
        var options = _server.Options();
        options.IdleSeconds = 60;
        await using var bench = new McpBench(options, clock);
        var say = await bench.ToolAsync("say");
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.True(Pid.Runs(_server.Processes()[0]));

        clock.Advance(TimeSpan.FromSeconds(20));

        await Pid.GoneAsync(_server.Processes()[0]);
        Assert.IsType<ToolOutcome.Succeeded>(await bench.CallAsync(say, new { text = "again" }));
        Assert.Equal(2, _server.Processes().Count);
    }

    [Fact]
    public async Task Tenants_HaveProcessesOfTheirOwn_AsManyAsThereMayBe()
    {
        var other = TenantId.Parse("other");
        await using var bench = new McpBench(_server.Options(), maxConnections: 1);
        var (say, wait) = (await bench.ToolAsync("say"), await bench.ToolAsync("wait"));
        using var stop = new CancellationTokenSource();
        var busy = bench.BeginAsync(wait, new { }, McpBench.Acme, stop.Token);
        await _server.LoggedAsync("called");

        var refused = Assert.IsType<ToolOutcome.Failed>(await bench.CallAsync(say, new { text = "x" }, other));
        Assert.Equal((ErrorCode.Unavailable, true, false), (refused.Code, refused.IsTransient, refused.Sent));
        Assert.Contains("Mcp:MaxConnections", refused.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await busy;

        Assert.IsType<ToolOutcome.Succeeded>(await bench.CallAsync(say, new { text = "x" }, other));
        Assert.Equal(2, _server.Processes().Count);
        await Pid.GoneAsync(_server.Processes()[0]);
    }

    [Fact]
    public async Task Tenant_ThatIsNotAdmitted_FindsNoServer()
    {
        var options = _server.Options();
        await using var bench = new McpBench(options);
        var say = await bench.ToolAsync("say");
        options.Tenants.Clear();
        options.Tenants.Add("acme");

        var refused = Assert.IsType<ToolOutcome.Failed>(await bench.CallAsync(say, new { text = "x" }, TenantId.Parse("other")));

        Assert.Equal((ErrorCode.NotFound, false), (refused.Code, refused.Sent));
        Assert.IsType<ToolOutcome.Succeeded>(await bench.CallAsync(say, new { text = "x" }));
    }
}
