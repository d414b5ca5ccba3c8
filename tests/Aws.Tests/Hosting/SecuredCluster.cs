using System.Diagnostics;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Tls;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>Three silo processes with mutual TLS, a gateway on each, and their state on DynamoDB Local, moto and fauxqs. They start when a test first needs them.</summary>
public sealed class SecuredCluster(AwsStandIn aws, S3StandIn s3) : IAsyncLifetime
{
    public const string Id = "mine";

    private const string Ticket = """
        {"id":"T-1","customer":"Tom Becker","subject":"Can't log in any more","body":"Since this morning the app says my password is wrong. How do I get back into my account?"}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ScratchFolder _folder = new();
    private readonly string _prefix = AwsStandIn.NewPrefix();
    private readonly List<SiloProcess> _started = [];
    private List<SiloProcess>? _silos;
    private ProcessFiles? _files;
    private int _runs;

    internal ClusterAuthority Authority { get; } = new();

    internal IReadOnlyList<SiloProcess> Silos => _silos!;

    /// <summary>Those of the three silos.</summary>
    internal ProcessFiles Files => _files!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _started) await silo.DisposeAsync();
        _files?.Dispose();
        Authority.Dispose();
        _folder.Dispose();
    }

    internal async Task StartAsync()
    {
        if (_silos is not null) return;
        _files = new ProcessFiles(Authority, CertificateDraft.Silo(Id));
        await CreateTablesAsync();
        var input = Path.GetTempFileName();
        await File.WriteAllTextAsync(input, Ticket);
        var secured = await EnvironmentAsync(_files);
        var first = await StartAsync(Options(secured) with { Verb = ["demo"], Arguments = ["--input", input, "--orders-port", $"{FreePorts.Take(1)[0]}"] });
        await first.WaitForAsync("settled", _ => true, Patience);
        File.Delete(input);
        List<SiloProcess> silos = [first, await StartAsync(Options(secured)), await StartAsync(Options(secured))];
        await WaitAsync(silos);
        _silos = silos;
    }

    /// <summary>The settings of a process with these files; with null of one without TLS.</summary>
    internal async Task<Dictionary<string, string>> EnvironmentAsync(ProcessFiles? files)
    {
        var environment = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AGENTRT_Silo__Store"] = "aws",
            ["AGENTRT_Silo__ClusterId"] = Id,
            ["AGENTRT_Aws__DynamoDbEndpoint"] = (await aws.DynamoDbAsync()).ToString(),
            ["AGENTRT_Aws__S3Endpoint"] = (await s3.EndpointAsync()).ToString(),
            ["AGENTRT_Aws__SqsEndpoint"] = (await aws.SqsAsync()).ToString(),
            ["AGENTRT_Aws__EventQueues"] = "2",
            ["AGENTRT_Aws__TablePrefix"] = _prefix,
            ["AGENTRT_Aws__Bucket"] = $"{_prefix}artifacts",
            ["AGENTRT_Aws__OpenRunParts"] = "4",
        };
        if (files is null) return environment;
        environment["AGENTRT_Silo__GatewayPort"] = "0";
        foreach (var (key, value) in files.Settings("AGENTRT_Silo__Tls", "__")) environment[key] = value;
        return environment;
    }

    internal SiloProcessOptions Options(IReadOnlyDictionary<string, string> environment) => SiloProcessOptions.OnFreePorts(_folder.Path) with { Environment = environment };

    internal async Task<SiloProcess> StartAsync(SiloProcessOptions options)
    {
        var silo = Launch(options);
        await silo.WaitForAsync("ready", _ => true, Patience);
        return silo;
    }

    internal SiloProcess Launch(SiloProcessOptions options)
    {
        var silo = SiloProcess.Launch(options);
        _started.Add(silo);
        return silo;
    }

    /// <summary>Waits until each of these counts exactly these.</summary>
    internal static Task WaitAsync(IReadOnlyCollection<SiloProcess> silos)
    {
        int[] ports = [.. silos.Select(silo => silo.Options.SiloPort)];
        return Task.WhenAll(silos.Select(silo => silo.WaitForClusterAsync(ports, Patience)));
    }

    /// <summary>Runs that are placed on any of the silos.</summary>
    internal async Task WorkAsync(int count)
    {
        using var caller = new JsonCaller(new Uri($"http://127.0.0.1:{Silos[0].Options.HttpPort}/"), IssuedToken.Sign(IssuedToken.IssuerOf(Silos[0]), "demo", "dave", "developer"));
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var request = $$"""{"agent": "tenants/demo/agents/triage", "input": "ticket T-1", "requestId": "work-{{Interlocked.Increment(ref _runs)}}"}""";
            var (_, run) = await caller.SendAsync(HttpMethod.Post, "v1/tenants/demo/runs", request);
            var name = (string?)run["name"] ?? throw new InvalidOperationException(run.ToString());
            await Eventually.TrueAsync(async () => (string?)(await caller.GetAsync($"v1/{name}")).Body["state"] == "RUN_STATE_COMPLETED", $"{name} has ended");
        }));
    }

    private async Task CreateTablesAsync()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll"), "create-tables"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in await EnvironmentAsync(null)) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, await output + errors);
    }
}
