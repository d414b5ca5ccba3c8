using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>The program of the README, word for word, from the packages alone.</summary>
public sealed class FirstAgentTests(PackedLibraries libraries)
{
    private const int MaxLines = 40;

    private readonly Dictionary<string, string> _environment = Ports();

    [Fact]
    public async Task Program_KilledWhileItWaits_GoesOnAndPaysOnce()
    {
        var source = Repository.ProgramOf("README.md", "## Your first agent and tool");
        Assert.InRange(source.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, MaxLines);
        var folder = await libraries.MakeProjectAsync("first-agent", source);
        var program = await libraries.BuildAsync(folder);
        var refunds = Path.Combine(folder, "refunds.txt");

        await using (var first = Start())
        {
            await first.WaitForAsync("approval.requested");
            await first.KillAsync();
        }

        Assert.False(File.Exists(refunds), "It paid without an approval.");
        await using (var second = Start())
        {
            await second.WaitForAsync("approval.requested");
            using var agent = JsonDocument.Parse(await AgentctlAsync("agent", "get", "refunds", "-o", "json"));
            Assert.Equal(1, agent.RootElement.GetProperty("version").GetInt32());
            using var asked = JsonDocument.Parse(await AgentctlAsync("approval", "list", "-o", "json"));
            var id = asked.RootElement.GetProperty("name").GetString()!.Split('/')[^1];
            await AgentctlAsync("approval", "approve", id, "--as", "anna", "--reason", "order checked");
            Assert.Equal(0, await second.WaitForExitAsync());
            Assert.Contains("run.completed", second.Output, StringComparison.Ordinal);
        }

        await using var third = Start();
        Assert.Equal(0, await third.WaitForExitAsync());
        Assert.Contains("run.completed", third.Output, StringComparison.Ordinal);
        Assert.Equal("1042 500", Assert.Single(await File.ReadAllLinesAsync(refunds, TestContext.Current.CancellationToken)));

        UserProgram Start() => UserProgram.Start(folder, program, _environment);

        Task<string> AgentctlAsync(params string[] arguments) => Dotnet.RunAsync(
            folder,
            new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = folder, ["AGENTRT_DATA"] = Path.Combine(folder, ".agentruntime") },
            ["exec", libraries.Agentctl, .. arguments]);
    }

    [Fact]
    public async Task Program_ToldToStopWhileItWaits_StopsSoonAndQuietly()
    {
        var folder = await libraries.MakeProjectAsync("told-to-stop", Repository.ProgramOf("README.md", "## Your first agent and tool"));
        await using var program = UserProgram.Start(folder, await libraries.BuildAsync(folder), _environment);
        await program.WaitForAsync("approval.requested");

        var watch = Stopwatch.StartNew();
        program.Terminate();

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.DoesNotContain("crit", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ToolWithoutRisk_DoesNotStartAndNamesIt()
    {
        const string Risk = "ToolRisk(RiskLevel.WriteHigh), ";
        var source = Repository.ProgramOf("README.md", "## Your first agent and tool");
        Assert.Contains(Risk, source, StringComparison.Ordinal);
        var folder = await libraries.MakeProjectAsync("no-risk", source.Replace(Risk, "", StringComparison.Ordinal));
        await using var program = UserProgram.Start(folder, await libraries.BuildAsync(folder), _environment);

        Assert.NotEqual(0, await program.WaitForExitAsync());
        Assert.Contains("Shop.Refund: lacks [ToolRisk]", program.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, ".agentruntime")));
    }

    [Fact]
    public async Task TestsOfAnAgent_AsTheReadmeShowsThem_Pass()
    {
        var source = Repository.ProgramOf("client/Embedded/README.md", "## Testing an agent");
        var packages = new[] { "xunit.v3", "Microsoft.Extensions.TimeProvider.Testing" };
        var folder = await libraries.MakeProjectAsync("refund-tests", source, [.. packages.Select(id => (id, Repository.VersionOf(id)))]);

        var output = await Dotnet.RunAsync(folder, new Dictionary<string, string>(), "exec", await libraries.BuildAsync(folder));

        Assert.Contains("Total: 2, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    /// <summary>The run waits on the clock of the test, which nobody moves; the recipe must not wait with it.</summary>
    [Fact]
    public async Task TestsOfAnAgent_ScriptTooShort_Fail()
    {
        const string Enough = "FromSeconds(30)";
        const string Next = "lines[_next++]";
        var source = Repository.ProgramOf("client/Embedded/README.md", "## Testing an agent");
        Assert.Contains(Enough, source, StringComparison.Ordinal);
        Assert.Contains(Next, source, StringComparison.Ordinal);
        source = source.Replace(Enough, "FromSeconds(5)", StringComparison.Ordinal).Replace(Next, "lines[2 * _next++]", StringComparison.Ordinal);
        var packages = new[] { "xunit.v3", "Microsoft.Extensions.TimeProvider.Testing" };
        var folder = await libraries.MakeProjectAsync("short-script", source, [.. packages.Select(id => (id, Repository.VersionOf(id)))]);

        var (_, output) = await Dotnet.TryAsync(folder, new Dictionary<string, string>(), "exec", await libraries.BuildAsync(folder));

        Assert.Contains("Total: 2, Errors: 0, Failed: 2, Skipped: 0", output, StringComparison.Ordinal);
        Assert.Contains("OperationCanceledException", output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Ports()
    {
        var ports = FreePorts.Take(3);
        return new[] { "GrpcPort", "HttpPort", "SiloPort" }.Zip(ports)
            .ToDictionary(port => $"AgentRuntime__Silo__{port.First}", port => port.Second.ToString(CultureInfo.InvariantCulture));
    }
}
