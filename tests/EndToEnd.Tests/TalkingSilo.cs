extern alias cli;
extern alias client;

using AgentRuntime.Testing;
using cli::AgentRuntime.Cli.Session;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using AgentRuntimeClientOptions = client::AgentRuntime.Client.AgentRuntimeClientOptions;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>A silo process with the agent <c>talker</c>, whose model is a <see cref="TalkingEndpoint"/>.</summary>
internal sealed class TalkingSilo : IAsyncDisposable
{
    private const string Agent = """
        kind: Agent
        name: talker
        instructions: Answer.
        model: talker
        riskScope: read
        """;

    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _work = new();
    private SiloProcess? _silo;

    public TalkingEndpoint Model { get; private set; } = null!;

    public Agentctl Agentctl { get; private set; } = null!;

    /// <summary>A client of the silo, as the developer dave.</summary>
    public AgentRuntimeClient Client { get; private set; } = null!;

    public string Data => _folder.Path;

    /// <summary>A path in a folder of the test's own.</summary>
    public string At(string name) => _work.At(name);

    public async ValueTask InitializeAsync()
    {
        Model = await TalkingEndpoint.StartAsync();
        Agentctl = new Agentctl(_folder.Path);
        _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path) with
        {
            Environment = new Dictionary<string, string> { ["AGENTRT_Models__OpenAI__talker__Endpoint"] = $"{Model.Address}/v1", ["AGENTRT_Models__OpenAI__talker__Model"] = "talker" },
        });
        var dave = new Login("dave", ["developer"], "demo", IsService: false, _folder.Path, TimeProvider.System.GetUtcNow());
        Client = new AgentRuntimeClient(new AgentRuntimeClientOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{_silo.Options.GrpcPort}"),
            Token = _ => ValueTask.FromResult(DevToken.Sign(dave, TimeProvider.System)),
            Tenant = "demo",
        });
        try
        {
            await SetUpAsync();
        }
        catch
        {
            // Nobody disposes of what was not initialised.
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9, and the same silo again.</summary>
    public async Task KillAndRestartAsync()
    {
        await _silo!.KillAsync();
        _silo = await SiloProcess.StartAsync(_silo.Options);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_silo is not null) await _silo.DisposeAsync();
        await Model.DisposeAsync();
        Agentctl.Dispose();
        _folder.Dispose();
        _work.Dispose();
    }

    private async Task SetUpAsync()
    {
        Directory.CreateDirectory(_work.Path);
        await File.WriteAllTextAsync(At("agent.yaml"), Agent);
        await Agentctl.OkAsync("tenant", "create", "demo", "--as", "olga", "--role", "platform-operator");
        await Agentctl.OkAsync("agent", "apply", "--file", At("agent.yaml"), "--as", "anna", "--role", "developer");
    }
}
