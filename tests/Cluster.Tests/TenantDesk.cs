extern alias client;

using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Testing;
using Grpc.Core;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using AgentRuntimeClientOptions = client::AgentRuntime.Client.AgentRuntimeClientOptions;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Works for several tenants through the front doors of silos.</summary>
internal sealed class TenantDesk(DevIssuer issuer) : IDisposable
{
    private readonly List<AgentRuntimeClient> _clients = [];

    /// <summary>What only this tenant's files may hold.</summary>
    public static string Secret(string tenant, string kind) => $"plaintext-{kind}-of-{tenant}";

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    public Task CreateAsync(SiloProcess silo, string tenant) => Patiently.CallAsync(() => Client(silo, null, Roles.PlatformOperator).Tenants.CreateTenantAsync(
        new Wire.CreateTenantRequest { TenantId = tenant, Settings = new Wire.TenantSettings { DisplayName = Secret(tenant, "name") } }).ResponseAsync);

    /// <summary>Applies the agent <c>talker</c>, which asks the model and ends.</summary>
    public Task ApplyAsync(SiloProcess silo, string tenant) => Patiently.CallAsync(() => Client(silo, tenant, Roles.Developer).Agents.ApplyAgentAsync(
        new Wire.ApplyAgentRequest
        {
            Parent = $"tenants/{tenant}",
            Manifest = $"kind: Agent\nname: talker\ninstructions: {Secret(tenant, "instructions")}\nmodel: {HoldingModel.Name}\nriskScope: read\n",
        }).ResponseAsync);

    /// <summary>Starts a run; every third one says so much that it becomes an artifact.</summary>
    public async Task<string> StartAsync(SiloProcess silo, string tenant, int number)
    {
        var input = Secret(tenant, "input") + (number % 3 == 0 ? $" {Secret(tenant, "artifact")} {new string('.', 80_000)}" : "");
        var run = await Patiently.CallAsync(() => Client(silo, tenant, Roles.Developer).Runs.StartRunAsync(new Wire.StartRunRequest
        {
            Parent = $"tenants/{tenant}",
            Agent = $"tenants/{tenant}/agents/talker",
            Input = input,
            RequestId = $"{tenant}-{number}",
        }).ResponseAsync);
        return run.Name;
    }

    public async Task<IReadOnlyList<Wire.RunSummary>> ListAsync(SiloProcess silo, string tenant) =>
        [.. (await Client(silo, tenant, Roles.Developer).Runs.ListRunsAsync(new Wire.ListRunsRequest { Parent = $"tenants/{tenant}", PageSize = 100 })).Runs];

    /// <summary>The records of a run by their types, once it has ended.</summary>
    public async Task<IReadOnlyList<string>> WatchAsync(SiloProcess silo, string tenant, string run, CancellationToken cancellation)
    {
        var types = new List<string>();
        await foreach (var record in Client(silo, tenant, Roles.Developer).WatchRunAsync(run, cancellationToken: cancellation)) types.Add(record.Type);
        return types;
    }

    /// <summary>How a call is refused, for good or until somebody starts a silo for it.</summary>
    public static async Task<RpcException> RefusalAsync(Func<Task> call)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await call();
            }
            catch (RpcException refused) when (refused.StatusCode != StatusCode.Unavailable || refused.Status.Detail.Contains("--serves", StringComparison.Ordinal))
            {
                return refused;
            }
            catch (RpcException)
            {
                // The death of the silo that was asked is not known yet.
            }

            if (TimeProvider.System.GetElapsedTime(start) > Patiently.Patience) throw new TimeoutException("The call was not refused.");
        }
    }

    public AgentRuntimeClient Client(SiloProcess silo, string? tenant, string role)
    {
        var made = new AgentRuntimeClient(new AgentRuntimeClientOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{silo.Options.GrpcPort}"),
            Token = _ => ValueTask.FromResult(IssuedToken.Sign(issuer, tenant, "dave", role)),
            Deadline = TimeSpan.FromSeconds(60),
        });
        lock (_clients) _clients.Add(made);
        return made;
    }
}
