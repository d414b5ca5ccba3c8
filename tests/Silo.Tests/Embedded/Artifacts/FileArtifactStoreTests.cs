using System.Security.Cryptography;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Artifacts;

public sealed class FileArtifactStoreTests : ArtifactStoreConformance, IDisposable
{
    private static readonly byte[] RootKey = SHA256.HashData("root"u8);
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private readonly ScratchFolder _folder = ScratchFolder.Make();
    private readonly FileArtifactStore _store;

    public FileArtifactStoreTests() => _store = new FileArtifactStore(_folder.Path, RootKey);

    private protected override IArtifactStore Store => _store;

    [Fact]
    public async Task PutAsync_Name_IsBoundByTheRootKey()
    {
        var name = await _store.PutAsync(Acme, new byte[] { 1 }, TestContext.Current.CancellationToken);
        using var elsewhere = new FileArtifactStore(_folder.Path, SHA256.HashData("another root"u8));

        Assert.NotEqual(name, await elsewhere.PutAsync(Acme, new byte[] { 1 }, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => new FileArtifactStore(_folder.Path, new byte[31]));
    }

    [Fact]
    public async Task PutAsync_Files_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var path = PathOf(await _store.PutAsync(Acme, new byte[] { 1 }, TestContext.Current.CancellationToken));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, FileArtifactStore.FolderName, ".unfinished")));
    }

    [Fact]
    public async Task GetAsync_ChangedFile_IsRefusedAndMendedByTheSamePut()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        var name = await _store.PutAsync(Acme, content, TestContext.Current.CancellationToken);
        var changed = (byte[])content.Clone();
        changed[500] ^= 1;
        await File.WriteAllBytesAsync(PathOf(name), changed, TestContext.Current.CancellationToken);

        await AssertCorruptedAsync(Acme, name);

        await _store.PutAsync(Acme, content, TestContext.Current.CancellationToken);
        Assert.Equal(content, await _store.GetAsync(Acme, name, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TryRetireAsync_StoredBeforeAndUnwanted_IsGone()
    {
        var name = await _store.PutAsync(Acme, new byte[] { 1 }, TestContext.Current.CancellationToken);
        Assert.False(await _store.TryRetireAsync(Acme, name, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.True(File.Exists(PathOf(name)));
        Assert.True(await _store.TryRetireAsync(Acme, name, null, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(PathOf(name)));
        Assert.True(await _store.TryRetireAsync(Acme, name, TimeSpan.FromDays(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TryRetireAsync_WhileTheSameIsStoredAgain_NeverTakesWhatWasJustStored()
    {
        var content = RandomNumberGenerator.GetBytes(5_000);
        var longAgo = TimeProvider.System.GetUtcNow().AddDays(-2);
        var retired = 0;
        for (var round = 0; round < 300 || (retired == 0 && round < 5_000); round++)
        {
            var name = await _store.PutAsync(Acme, content, TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(PathOf(name), longAgo.UtcDateTime);
            var retire = Task.Run(() => _store.TryRetireAsync(Acme, name, TimeSpan.FromDays(1), TestContext.Current.CancellationToken));
            var put = Task.Run(() => _store.PutAsync(Acme, content, TestContext.Current.CancellationToken));
            await Task.WhenAll(retire, put);
            retired += await retire ? 1 : 0;
            Assert.Equal(content, await _store.GetAsync(Acme, name, TestContext.Current.CancellationToken));
        }

        Assert.True(retired > 0, "It was never retired.");
    }

    [Fact]
    public void Constructor_FolderThatIsAFile_NamesIt()
    {
        File.WriteAllText(_folder.At("taken"), "");

        var failure = Assert.Throws<AgentRuntimeException>(() => new FileArtifactStore(_folder.At("taken"), RootKey));

        Assert.Contains("taken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutAsync_FullDisk_IsExhaustedAndWorksOnceThereIsRoom()
    {
        using var disk = FullDisk.Mount(megabytes: 4);
        using var store = new FileArtifactStore(disk.Path, RootKey);
        var content = RandomNumberGenerator.GetBytes(2_000_000);
        var small = await store.PutAsync(Acme, new byte[] { 1 }, TestContext.Current.CancellationToken);
        disk.Fill();

        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => store.PutAsync(Acme, content, TestContext.Current.CancellationToken));

        Assert.Equal((ErrorCode.StorageExhausted, true), (failure.Code, failure.IsTransient));
        Assert.Equal([1], await store.GetAsync(Acme, small, TestContext.Current.CancellationToken));
        disk.MakeRoom();
        var name = await store.PutAsync(Acme, content, TestContext.Current.CancellationToken);
        Assert.Equal(content, await store.GetAsync(Acme, name, TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, FileArtifactStore.FolderName, Acme.Value, name[..2], name);
}
