using System.Collections.Concurrent;
using AgentRuntime.Agents;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>An artifact is stored as data of the classes that the run's agent handles.</summary>
public sealed class ArtifactClassTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly ConcurrentQueue<string> _classes = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeRecord_FirstOrLater_IsStoredWithTheClassesOfItsAgent(bool isFirst)
    {
        await using var silo = await RunSilo.StartAsync(_folder.Path, new RunScripts(), Equip);
        await silo.SetUpAsync(RunCast.Tenant);
        var definition = new AgentDefinition("Work.", ScriptedModel.Name, [], new RunLimits(), RiskLevel.Critical, ["secret"], new ContextWindow());
        await silo.Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(RunCast.Tenant, AgentId.Parse("classified"))).ApplyAsync(definition, RunCast.Author, cancellation: TestContext.Current.CancellationToken);
        var large = new string('x', 100_000);
        var run = silo.NewRun(_ => Task.FromResult(Reply.Text(isFirst ? "done" : large)), agent: "classified");
        var command = isFirst ? run.Command with { Input = large } : run.Command;
        silo.Scripts.Set(command.Input, silo.Scripts.Model(run.Command.Input));
        await run.Grain.StartAsync(command, TestContext.Current.CancellationToken);
        await run.EndAsync();

        Assert.NotEmpty(_classes);
        Assert.All(_classes, classes => Assert.Equal("secret", classes));
    }

    private void Equip(IServiceCollection services)
    {
        var artifacts = services.Single(service => service.ServiceType == typeof(IArtifactStore));
        services.Replace(ServiceDescriptor.Singleton<IArtifactStore>(provider => new Classes(_classes, (FileArtifactStore)artifacts.ImplementationFactory!(provider))));
    }

    private sealed class Classes(ConcurrentQueue<string> seen, FileArtifactStore inner) : IArtifactStore
    {
        public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation) => PutAsync(tenant, content, [], cancellation);

        public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, IReadOnlyList<string> dataClasses, CancellationToken cancellation)
        {
            seen.Enqueue(string.Join(',', dataClasses));
            return inner.PutAsync(tenant, content, cancellation);
        }

        public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.GetAsync(tenant, name, cancellation);

        public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.DeleteAsync(tenant, name, cancellation);
    }
}
