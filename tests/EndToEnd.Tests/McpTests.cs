using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>MCP servers of a real silo process, through agentctl.</summary>
public sealed class McpTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Canary = "AGENTRT_SECRET__DEMO__CANARY";

    private readonly ScratchFolder _folder = new();
    private readonly JsonObject _servers = [];
    private SiloProcess? _silo;
    private Agentctl? _agentctl;

    private Agentctl Ctl => _agentctl!;

    public async ValueTask InitializeAsync()
    {
        var modules = await NodePackages.RequireAsync();
        Directory.CreateDirectory(_folder.At("files"));
        await File.WriteAllTextAsync(_folder.At("list.json"), Listed("Says it."));
        Configure("everything", Server(modules, "server-everything"), "stdio");
        Configure("files", Server(modules, "server-filesystem"), _folder.At("files"));
        Configure("memory", Server(modules, "server-memory"));
        Configure("own", Path.Combine(AppContext.BaseDirectory, "own-server.mjs"), _folder.At("list.json"), _folder.At("log.jsonl"), "stay");
        _agentctl = new Agentctl(_folder.At("data"));
        await File.WriteAllTextAsync(_folder.At("settings.json"), new JsonObject { ["Mcp"] = new JsonObject { ["Servers"] = _servers } }.ToJsonString());
        _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.At("data")) with
        {
            Arguments = ["--settings", _folder.At("settings.json")],
            Environment = new Dictionary<string, string> { [Canary] = "canary-value" },
        });
        await Ctl.OkAsync("tenant", "create", "demo", "--as", "olga", "--role", "platform-operator");
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _agentctl?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Import_RealServers_EveryToolIsADraftOrRefusedByNameAndKeyword()
    {
        var (imported, refused) = (0, new List<JsonElement>());
        foreach (var server in new[] { "everything", "files", "memory" })
        {
            var lines = Lines(await Ctl.OkAsync("tool", "import", server, "-o", "json"));
            var draft = lines.Where(line => line.TryGetProperty("contractHash", out _)).ToList();
            Assert.All(draft, line => Assert.True(line.GetProperty("isNew").GetBoolean() && line.GetProperty("name").GetString() == $"tenants/demo/tools/{line.GetProperty("modelName").GetString()}"));
            output.WriteLine($"{server}: {draft.Count} imported, {lines.Count - draft.Count} refused");
            imported += draft.Count;
            refused.AddRange(lines.Where(line => line.TryGetProperty("reason", out _)));
        }

        output.WriteLine($"all: {imported} imported, {refused.Count} refused: {string.Join("; ", refused)}");
        Assert.Equal((35, 1), (imported, refused.Count));
        Assert.Equal("simulate-research-query", refused[0].GetProperty("wireName").GetString());
        Assert.StartsWith("execution.taskSupport:", refused[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("unchanged, draft", await Ctl.OkAsync("tool", "import", "memory"), StringComparison.Ordinal);
        var echo = Lines(await Ctl.OkAsync("tool", "get", "everything-echo", "-o", "json"))[0].GetProperty("contract");
        Assert.Equal(("echo", "RISK_LEVEL_WRITE_HIGH", "EFFECT_CLASS_AT_MOST_ONCE"), (Text(echo, "wireName"), Text(echo, "risk"), Text(echo, "effect")));
    }

    [Fact]
    public async Task Diff_OfAListThatChanged_ShowsWhatDiffers()
    {
        await Ctl.OkAsync("tool", "import", "own");
        Assert.Contains("No difference: MCP server own", await Ctl.OkAsync("tool", "diff", "own-say"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder.At("list.json"), Listed("Says it, and \u001b[31mmore."), TestContext.Current.CancellationToken);

        var changed = await Ctl.OkAsync("tool", "diff", "own-say");
        Assert.Contains("description", changed, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', changed);
        Assert.Equal("Says it.", Text(Assert.Single(Lines(await Ctl.OkAsync("tool", "diff", "own-say", "-o", "json"))), "contract"));
        await File.WriteAllTextAsync(_folder.At("list.json"), "[]", TestContext.Current.CancellationToken);
        Assert.Contains("entry", await Ctl.OkAsync("tool", "diff", "own-say"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_ThroughTheApi_IsRefused()
    {
        (await Ctl.RunAsync("tool", "import", "/bin/sh -c id")).FailsWith(2, "never a command or URL");
        (await Ctl.RunAsync("tool", "import", "absent")).FailsWith(5, "'absent' is not configured for this tenant");
        var manifest = _folder.At("tool.yaml");
        await File.WriteAllTextAsync(
            manifest,
            "kind: Tool\nname: shell\ndescription: Runs.\nrisk: write-high\neffect: at-most-once\ninput: { type: object }\nmcp: { server: own, entry: '0', command: [/bin/sh] }\n",
            TestContext.Current.CancellationToken);
        (await Ctl.RunAsync("tool", "register", "-f", manifest)).FailsWith(2, "'command' is not part of a contract");
    }

    [Fact]
    public async Task Kill_OfTheSilo_EndsItsServersWhichHaveNothingOfItsEnvironment()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks for the servers in /proc");
        foreach (var server in new[] { "everything", "own" }) await Ctl.OkAsync("tool", "import", server);
        var servers = Pid.Children(_silo!.Id, "own-server.mjs").Concat(Pid.Children(_silo.Id, "index.js\0stdio")).ToList();
        Assert.Equal(2, servers.Count);
        Assert.Contains(Canary, await File.ReadAllTextAsync($"/proc/{_silo.Id}/environ", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var server in servers) Assert.Empty(await File.ReadAllTextAsync($"/proc/{server}/environ", TestContext.Current.CancellationToken));

        await _silo.KillAsync();

        foreach (var server in servers) await Pid.GoneAsync(server);
    }

    [Fact]
    public async Task Stop_OfTheSilo_EndsItsServers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks for the servers in /proc");
        await Ctl.OkAsync("tool", "import", "own");
        var server = Assert.Single(Pid.Children(_silo!.Id, "own-server.mjs"));

        _silo.Terminate();

        Assert.Equal(0, await _silo.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        await Pid.GoneAsync(server);
    }

    [Fact]
    public async Task Configuration_ThatIsWrong_EndsTheStartNamingKeyAndFix()
    {
        var environment = new Dictionary<string, string> { ["AGENTRT_Mcp__Servers__shell__Command__0"] = "sh", ["AGENTRT_Mcp__Servers__shell__Tenants__0"] = "*" };
        await using var silo = SiloProcess.Launch(SiloProcessOptions.OnFreePorts(_folder.At("other")) with { Environment = environment });
        Assert.Equal(2, await silo.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("Mcp:Servers:shell:Command:0 must be the absolute path of a program that exists, not 'sh'", silo.Errors, StringComparison.Ordinal);
    }

    private static string Server(string modules, string name) => Path.Combine(modules, "@modelcontextprotocol", name, "dist", "index.js");

    private static string Listed(string description) => JsonSerializer.Serialize(new[] { new { name = "say", description, inputSchema = new { type = "object" } } });

    private static List<JsonElement> Lines(string json) => [.. json.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private void Configure(string name, params string[] arguments) => _servers[name] = new JsonObject
    {
        ["Tenants"] = new JsonArray("demo"),
        ["Command"] = new JsonArray([.. arguments.Prepend(NodePackages.Program()).Select(word => (JsonNode)word)]),
    };
}
