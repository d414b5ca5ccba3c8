using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>The short programs of the client's READMEs, word for word, from the packages alone.</summary>
public sealed class TwentyLinesTests(PackedLibraries libraries)
{
    private const int MaxLines = 20;

    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public async Task RemoteProgram_RunsAndTalks()
    {
        var source = Short(Repository.ProgramOf("client/README.md", "## A program that uses agents"));
        var folder = await libraries.MakeProjectAsync("remote-program", source, "AgentRuntime.Client");
        var program = await libraries.BuildAsync(folder);
        using var data = new ScratchFolder();
        using var agentctl = new Agentctl(data.Path);
        var tickets = Path.Combine(folder, "tickets.jsonl");
        await File.WriteAllLinesAsync(tickets, File.ReadLines(Path.Combine(AppContext.BaseDirectory, "samples", "tickets.jsonl")).Take(3), TestContext.Current.CancellationToken);
        await using var silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(data.Path) with
        {
            Verb = ["demo"],
            Arguments = ["--input", tickets, "--orders-port", $"{FreePorts.Take(1)[0]}"],
        });
        await silo.WaitForAsync("settled", _ => true, TimeSpan.FromSeconds(60));
        var environment = new Dictionary<string, string>
        {
            ["ENDPOINT"] = $"http://127.0.0.1:{silo.Options.GrpcPort}",
            ["TOKEN"] = (await agentctl.OkAsync("token", "--as", "shop", "--service", "--role", "agent")).Trim(),
        };

        var lines = (await Dotnet.RunAsync(folder, environment, "exec", program)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("0 run.started", lines[0]);
        Assert.Contains(lines, line => line.EndsWith(" run.completed", StringComparison.Ordinal));
        Assert.NotEmpty(lines[^1]);
        Assert.DoesNotContain("run.", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmbeddedProgram_TalksOverTwoTurns()
    {
        var source = Short(Repository.ProgramOf("client/Embedded/README.md", "## A program in 20 lines"));
        var folder = await libraries.MakeProjectAsync("embedded-program", source);
        var program = await libraries.BuildAsync(folder);
        await using var model = await TalkingEndpoint.StartAsync();
        for (var word = 0; word < 64; word++) model.Ask();
        var ports = FreePorts.Take(3);
        var environment = new Dictionary<string, string>
        {
            ["MODEL_ENDPOINT"] = $"{model.Address}/v1",
            ["AgentRuntime__Silo__GrpcPort"] = $"{ports[0]}",
            ["AgentRuntime__Silo__HttpPort"] = $"{ports[1]}",
            ["AgentRuntime__Silo__SiloPort"] = $"{ports[2]}",
        };

        var output = await Dotnet.RunAsync(folder, environment, "exec", program);

        Assert.Contains(TalkingEndpoint.AnswerTo("What is my name?"), output, StringComparison.Ordinal);
        Assert.Equal(["My name is Zoë.", TalkingEndpoint.AnswerTo("My name is Zoë."), "What is my name?"], model.Asked[^1]);
    }

    [Fact]
    public async Task Agentctl_InstalledAsATool_CompletesInBash()
    {
        var bin = await libraries.InstallAgentctlAsync();
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "bash", ["-c", "eval \"$(agentctl completion bash)\"; COMP_WORDS=(agentctl approval sh); COMP_CWORD=2; COMP_LINE='agentctl approval sh'; COMP_POINT=20; _agentctl; echo \"${COMPREPLY[@]}\""])
        {
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}" },
        })!;
        var offered = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("show\n", offered);
    }

    private static string Short(string source)
    {
        Assert.InRange(source.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, MaxLines);
        return source;
    }
}
