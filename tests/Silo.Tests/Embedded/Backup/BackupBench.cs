using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Backup;

/// <summary>A data folder without a silo, and a place for backups of it and for what is made of them.</summary>
internal sealed class BackupBench : IAsyncDisposable
{
    private readonly ScratchFolder _place = ScratchFolder.Make();

    private BackupBench(StoreBench store) => Store = store;

    public StoreBench Store { get; }

    public string Path => _place.Path;

    /// <summary>Where <see cref="RestoreAsync"/> makes a folder.</summary>
    public string Target => At("restored");

    public static async Task<BackupBench> OpenAsync() => new(await StoreBench.OpenAsync());

    public string At(params string[] names) => _place.At(names);

    /// <summary>The names of what is in the place.</summary>
    public IEnumerable<string> Names() => Names(Path);

    public static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public Task<BackupManifest> TakeAsync(string target) =>
        new BackupTaker(Store.Folder, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(target, TestContext.Current.CancellationToken);

    public Task<RestoreResult> RestoreAsync(string source) =>
        new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(source, Target, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _place.Dispose();
    }
}
