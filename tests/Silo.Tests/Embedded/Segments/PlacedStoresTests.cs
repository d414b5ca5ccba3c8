using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Segments;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Silo.Tests.Tenants;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Silo.Tests.Embedded.Segments;

public sealed class PlacedStoresTests : IAsyncDisposable
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private readonly SegmentFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Of_EachTenant_HasFilesOfItsOwn()
    {
        await new PlacedRunJournal(_folder.Stores).AppendAsync(Start(NewRun("acme")));
        await new PlacedArtifacts(_folder.Stores).PutAsync(Acme, new byte[] { 1 }, Stop);
        await new PlacedRunJournal(_folder.Open()).AppendAsync(Start(NewRun("third")));

        Assert.True(File.Exists(_folder.Folder.At("tenants", "acme", "journal.db")));
        Assert.True(Directory.Exists(_folder.Folder.At("tenants", "acme", "artifacts", "acme")));
        Assert.False(Directory.Exists(_folder.Folder.At("artifacts", "acme")));
        Assert.True(File.Exists(_folder.Folder.At("journal.db")));
        Assert.Equal([Acme], FolderLayout.SegmentsIn(_folder.Folder.Path));
    }

    [Fact]
    public async Task Of_SegmentThatOthersServe_IsReadAndNotWritten()
    {
        var run = NewRun("acme");
        await new PlacedRunJournal(_folder.Stores).AppendAsync(Start(run));
        var name = await new PlacedArtifacts(_folder.Stores).PutAsync(Acme, new byte[] { 1 }, Stop);
        var elsewhere = _folder.Open("other");
        var journal = new PlacedRunJournal(elsewhere);
        var artifacts = new PlacedArtifacts(elsewhere);

        Assert.NotNull(await journal.LoadAsync(run, Stop));
        Assert.Equal([1], await artifacts.GetAsync(Acme, name, Stop));

        await RefusedAsync(async () => await journal.AppendAsync(Next(run, 1)));
        await RefusedAsync(async () => await journal.AppendAsync(Start(NewRun("third"))));
        await RefusedAsync(async () => await journal.TryChangeRowAsync(run, "silo-1", OwnedBy("silo-2")));
        await RefusedAsync(async () => await journal.EraseAsync(run, 0));
        await RefusedAsync(async () => await artifacts.PutAsync(Acme, new byte[] { 2 }, Stop));
        await RefusedAsync(async () => await artifacts.DeleteAsync(Acme, name, Stop));
        Assert.Single((await journal.LoadAsync(run, Stop))!.Entries);
    }

    [Fact]
    public async Task Of_SegmentThatNobodyServedYet_IsEmpty()
    {
        var journal = new PlacedRunJournal(_folder.Open());

        Assert.Null(await journal.LoadAsync(NewRun("acme"), Stop));

        Assert.IsType<AppendResult.Appended>(await new PlacedRunJournal(_folder.Stores).AppendAsync(Start(NewRun("acme"))));
    }

    [Fact]
    public async Task Of_StoreThatCannotBeOpened_IsTriedAgain()
    {
        var file = _folder.Folder.At("tenants", "acme", "journal.db");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "this is no database, however long one looks at it .............................................", Stop);
        var reading = _folder.Open();

        Assert.Equal(ErrorCode.StorageCorrupted, Assert.Throws<AgentRuntimeException>(() => reading.Of(Acme)).Code);
        File.Delete(file);

        Assert.Same(reading.Of(Acme), reading.Of(Acme));
    }

    [Fact]
    public void RequireNamed_SegmentOnDiskThatIsNotNamed_IsRefusedWithBothFixes()
    {
        _ = _folder.Stores.Of(Acme);

        SegmentFolders.RequireNamed(_folder.Folder, TenancyPlanTests.Segmented(["acme"]));
        var refused = Assert.Throws<AgentRuntimeException>(() => SegmentFolders.RequireNamed(_folder.Folder, TenancyPlanTests.Segmented(["umbrella"])));

        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Contains("Tenant acme has a segment", refused.Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(Func<Task> write) =>
        Assert.Equal(ErrorCode.Internal, (await Assert.ThrowsAsync<AgentRuntimeException>(write)).Code);
}
