using System.Text.Json;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Local;

/// <summary>deploy/local as a person uses it: three silos on stand-ins for AWS, one killed in the middle, then all of it ended.</summary>
public sealed class AwsUpTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = ScratchFolder.Make();
    private readonly LocalScript _script;
    private readonly Agentctl _agentctl;

    public AwsUpTests()
    {
        _script = new LocalScript(_folder);
        _agentctl = new Agentctl(_folder.At("state", "data"));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _script.DownAsync();
        _agentctl.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Up_WithASiloKilledInTheMiddle_EndsItsRunsAndComesBack_AndDownLeavesNothing()
    {
        var up = await _script.UpAsync();
        Assert.SkipWhen(up.Errors.Contains("this machine lacks", StringComparison.Ordinal), up.Errors);
        Assert.True(up.ExitCode == 0, up.Errors);
        Assert.Contains($"export AGENTRT_DATA={_folder.At("state", "data")}", up.Output, StringComparison.Ordinal);
        var started = _script.Processes();
        Assert.Equal(["dynamodb", "moto", "fauxqs", "silo-1", "silo-2", "silo-3"], started.Keys);

        await ApplySamplesAsync();
        Assert.Contains("run.completed", await _agentctl.OkAsync("run", "start", "triage", "--input", "ticket T-001", "--as", "dora", "--role", "developer", "--watch"), StringComparison.Ordinal);
        var approval = "";
        await Eventually.TrueAsync(async () => (approval = (await _agentctl.OkAsync("approval", "list", "-o", "json")).Split('\n')[0]).Length > 0, "a refund waits");
        var watch = _agentctl.OkAsync("run", "watch", Text(approval, "run"), "-o", "json", "--endpoint", EndpointOf(up, silo: 1));

        Pid.Kill(started["silo-2"]);
        await _agentctl.UntilOkAsync("approval", "approve", Text(approval, "name"), "--as", "anna", "--role", "approver", "--reason", "checked");
        Assert.Contains("run.completed", (await watch).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);

        var again = await _script.UpAsync();
        Assert.True(again.ExitCode == 0, again.Errors);
        var now = _script.Processes();
        Assert.NotEqual(started["silo-2"], now["silo-2"]);
        Assert.Equal(started.Where(process => process.Key != "silo-2"), now.Where(process => process.Key != "silo-2"));
        Assert.All(now.Values, pid => Assert.True(Pid.Runs(pid)));

        var down = await _script.DownAsync();
        Assert.True(down.ExitCode == 0, down.Errors);
        Assert.DoesNotContain(started.Values.Concat(now.Values), Pid.Runs);
        foreach (var silo in new[] { "silo-1", "silo-3" }) Assert.EndsWith("{\"event\":\"stopped\"}\n", await File.ReadAllTextAsync(_folder.At("state", $"{silo}.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_OnAMachineWithNothing_NamesAllThatIsMissingAndStartsNothing()
    {
        var up = await _script.UpWithoutProgramsAsync();

        Assert.Equal(1, up.ExitCode);
        foreach (var program in new[] { "dotnet:", "java,", "npm,", "python3,", "flock" }) Assert.Contains($"  {program}", up.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("state")));
    }

    private async Task ApplySamplesAsync()
    {
        foreach (var agent in new[] { "triage", "refund" })
        {
            var samples = Path.Combine(NodePackages.RepositoryRoot(), "deploy", "samples", agent);
            var tools = (await File.ReadAllTextAsync(Path.Combine(samples, "tools.yaml"))).Replace("localhost:5301", $"localhost:{_script.OrdersPort()}", StringComparison.Ordinal);
            await File.WriteAllTextAsync(_folder.At("tools.yaml"), tools);
            await _agentctl.OkAsync("agent", "apply", "-f", Path.Combine(samples, "agent.yaml"), "--as", "dora", "--role", "developer");
            await _agentctl.OkAsync("tool", "register", "-f", _folder.At("tools.yaml"), "--as", "dora", "--role", "developer");
        }
    }

    private static string EndpointOf(AgentctlResult up, int silo) =>
        up.Output.Split('\n').Single(line => line.StartsWith($"  silo {silo} ", StringComparison.Ordinal)).Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal)).TrimEnd(',');

    private static string Text(string line, string property) => JsonDocument.Parse(line).RootElement.GetProperty(property).ToString().Split('/')[^1];
}
