using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Silo.Tests.Embedded;

public sealed class EmbeddedStoreRegistrationTests : IDisposable
{
    private readonly ScratchFolder _folder = ScratchFolder.Make();

    [Fact]
    public async Task AddEmbeddedRunStore_Twice_GivesOneOpenStoreThatIsClosedWithTheHost()
    {
        var run = JournalSamples.NewRun();
        using (var host = Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.IsType<AppendResult.Appended>(
                await host.Services.GetRequiredService<IRunJournal>().AppendAsync(JournalSamples.Start(run, owner: "dead")));
            Assert.Single(host.Services.GetServices<IRunJournal>());
            Assert.NotEmpty(await host.Services.GetRequiredService<IOpenRunIndex>().FindOrphansAsync(
                [], new PollerShare(0, 1), 10, TestContext.Current.CancellationToken));
            Assert.NotNull(host.Services.GetRequiredService<IRunCatalog>());
            Assert.NotNull(host.Services.GetRequiredService<IApprovalInbox>());
            Assert.NotNull(host.Services.GetRequiredService<IArtifactStore>());
            await host.StopAsync(TestContext.Current.CancellationToken);
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        // Closed cleanly: the log is in the file.
        Assert.Equal([_folder.At(JournalDatabase.FileName)], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task AddEmbeddedRunStore_FileThatCannotBeUsed_EndsTheStart()
    {
        await File.WriteAllTextAsync(_folder.At(JournalDatabase.FileName), "not a database", TestContext.Current.CancellationToken);
        await using var host = (IAsyncDisposable)Build();

        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => ((IHost)host).StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
    }

    public void Dispose() => _folder.Dispose();

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var options = new EmbeddedStoreOptions { Folder = _folder.Path, ArtifactRootKey = new byte[32] };
        builder.Services.AddEmbeddedRunStore(options).AddEmbeddedRunStore(options);
        return builder.Build();
    }
}
