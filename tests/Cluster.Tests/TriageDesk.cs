extern alias client;

using AgentRuntime.Common;
using AgentRuntime.Testing;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using AgentRuntimeClientOptions = client::AgentRuntime.Client.AgentRuntimeClientOptions;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Gives runs of the sample agent for triage to silos that have its parts, through the front doors of some of them.</summary>
internal sealed class TriageDesk : IDisposable
{
    private const string Ticket = """
        {"id":"T-1","customer":"Tom Becker","subject":"Can't log in any more","body":"Since this morning the app says my password is wrong. How do I get back into my account?"}
        """;

    private readonly List<AgentRuntimeClient> _doors;
    private int _next;

    private TriageDesk(IEnumerable<AgentRuntimeClient> doors) => _doors = [.. doors];

    /// <summary>Puts the samples into the data folder, and starts silos on it.</summary>
    public static async Task<IReadOnlyList<SiloProcess>> StartSilosAsync(SiloGroup group, int count)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch.Path, Ticket);
        var demo = group.NewOptions() with { Verb = ["demo"], Arguments = ["--input", scratch.Path, "--orders-port", $"{FreePorts.Take(1)[0]}"] };
        var first = await group.StartAsync(demo);
        await first.WaitForAsync("settled", _ => true, TimeSpan.FromSeconds(60));
        File.Delete(scratch.Path);

        // The others find the samples' parts in the folder.
        var silos = new List<SiloProcess> { first };
        for (var added = 1; added < count; added++)
        {
            silos.Add(await group.StartAsync());
        }

        await SiloGroup.WaitAsync(silos, silos, TimeSpan.FromSeconds(30));
        return silos;
    }

    public static TriageDesk At(SiloGroup group, IEnumerable<SiloProcess> silos)
    {
        var issuer = IssuedToken.IssuerOf(silos.First());
        return new TriageDesk(silos.Select(silo => new AgentRuntimeClient(new AgentRuntimeClientOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{silo.Options.GrpcPort}"),
            Token = _ => ValueTask.FromResult(IssuedToken.Sign(issuer, "demo", "dave", Roles.Developer)),
            Deadline = TimeSpan.FromSeconds(60),
        })));
    }

    /// <summary>Starts a run and waits for its end.</summary>
    public async Task<Wire.Run> WorkAsync(int number, CancellationToken cancellation)
    {
        var door = _doors[Interlocked.Increment(ref _next) % _doors.Count];
        var request = new Wire.StartRunRequest { Parent = "tenants/demo", Agent = "tenants/demo/agents/triage", Input = "ticket T-1", RequestId = $"work-{number}" };
        var run = await Patiently.CallAsync(() => door.Runs.StartRunAsync(request, cancellationToken: cancellation).ResponseAsync);
        await foreach (var _ in door.WatchRunAsync(run.Name, cancellationToken: cancellation))
        {
        }

        return await Patiently.CallAsync(() => door.Runs.GetRunAsync(new Wire.GetRunRequest { Name = run.Name }, cancellationToken: cancellation).ResponseAsync);
    }

    public void Dispose() => _doors.ForEach(door => door.Dispose());
}
