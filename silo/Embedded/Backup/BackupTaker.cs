using System.Security.Cryptography;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Embedded.Backup;

/// <summary>
/// Copies a data folder while silos work on it. The order makes the copy consistent: an artifact is durable before a record refers to it, and an
/// agent or tool before a run does. So journals come first, then the artifacts that their copies refer to, then the state of grains: the copy of
/// each holds all that the ones before it need. Nothing is deleted meanwhile, because pruning waits. Verified before it counts.
/// </summary>
internal sealed class BackupTaker(DataFolder folder, TimeProvider time, IProgress<WorkStep> progress)
{
    private const int ArtifactsPerReport = 200;

    /// <param name="target">A path where nothing is yet, or an empty folder; a name that ends with .tar makes one file.</param>
    /// <param name="cancellation">Leaves nothing behind.</param>
    /// <exception cref="AgentRuntimeException">The target is taken, something cannot be read or written, or the copy is not sound.</exception>
    public async Task<BackupManifest> TakeAsync(string target, CancellationToken cancellation)
    {
        var full = BackupPlace.Normal(target);
        if (full.StartsWith(folder.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal) || full == folder.Path)
            throw new AgentRuntimeException(ErrorCode.InvalidArgument, $"'{full}' lies within the data folder. Choose a place outside of it with --to.");

        if (BackupPlace.IsArchive(full) && Directory.Exists(full))
            throw new AgentRuntimeException(ErrorCode.AlreadyExists, $"'{full}' is a folder, and a backup of that name is one file. Name a new path.");
        try
        {
            using var draft = BackupDraft.Begin(full, BackupManifest.FileName);
            using var alone = await folder.TakeMaintenanceAsync(time, cancellation);
            var manifest = await CopyAsync(draft.Content, cancellation);
            await BackupPlace.PublishAsync(draft, full, cancellation);
            return manifest;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw BackupErrors.From(failure, full);
        }
    }

    private async Task<BackupManifest> CopyAsync(string draft, CancellationToken cancellation)
    {
        var takenAt = time.GetUtcNow();
        // Looked at once: a segment that comes meanwhile is left out whole.
        var places = FolderLayout.RunStoresIn(folder.Path);
        foreach (var place in places)
        {
            OwnerOnlyFolder.Ensure(Path.Combine(draft, place));
            CopyDatabase(draft, Path.Combine(place, JournalDatabase.FileName));
        }

        foreach (var place in places) CopyArtifacts(draft, place, cancellation);
        foreach (var database in FolderLayout.OtherDatabases(places).Where(name => File.Exists(folder.At(name)))) CopyDatabase(draft, database);
        CopySmallFiles(draft);
        var contents = await CheckAsync(draft, folder, progress, cancellation);
        var manifest = new BackupManifest(
            BackupManifest.Current, folder.Format.ClusterId, takenAt, FolderFormat.ProductVersion(), folder.Format.Format, contents, [.. Files(draft)]);
        manifest.Write(draft);
        return manifest;
    }

    /// <summary>Verifies every run in the folder <paramref name="copy"/>, which has the keys of <paramref name="keys"/>.</summary>
    public static async Task<StoreContents> CheckAsync(string copy, DataFolder keys, IProgress<WorkStep> progress, CancellationToken cancellation)
    {
        var contents = StoreContents.None;
        var places = FolderLayout.RunStoresIn(copy);
        foreach (var place in places)
        {
            var at = Path.Combine(copy, place);
            using var artifacts = new FileArtifactStore(at, keys.DeriveKey(FileArtifactStore.KeyPurpose));
            contents += await new StoreCheck(Path.Combine(at, JournalDatabase.FileName), artifacts, progress).RunAsync(cancellation);
        }

        foreach (var database in FolderLayout.OtherDatabases(places).Select(name => Path.Combine(copy, name)).Where(File.Exists)) DatabaseCopy.Verify(database);
        return contents;
    }

    private void CopyDatabase(string draft, string name)
    {
        progress.Report(new WorkStep($"copying {name}", 0, 1));
        DatabaseCopy.Take(folder.At(name), Path.Combine(draft, name));
        progress.Report(new WorkStep($"copying {name}", 1, 1));
    }

    private void CopyArtifacts(string draft, string place, CancellationToken cancellation)
    {
        using var journal = RawConnection.Open(Path.Combine(draft, place, JournalDatabase.FileName), readOnly: true);
        var files = new ArtifactCopy(folder.At(place), Path.Combine(draft, place));
        var copied = 0L;
        foreach (var (tenant, name, isPruned) in ArtifactCopy.FindAll(journal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!files.TryCopy(tenant, name) && !isPruned)
                throw StoreErrors.Corrupted(folder.At(place, JournalDatabase.FileName), $"artifact {tenant}/{name} is not there");
            if (++copied % ArtifactsPerReport == 0) progress.Report(new WorkStep("copying artifacts", copied, null));
        }

        files.MakeDurable();
        progress.Report(new WorkStep("copying artifacts", copied, copied));
    }

    private void CopySmallFiles(string draft)
    {
        OwnerOnlyFolder.Ensure(Path.Combine(draft, FolderLayout.Keys));
        foreach (var key in Directory.EnumerateFiles(folder.At(FolderLayout.Keys)))
            DurableFile.Replace(Path.Combine(draft, FolderLayout.Keys, Path.GetFileName(key)), File.ReadAllBytes(key));
        DurableFile.Replace(Path.Combine(draft, FolderLayout.Format), folder.Format.ToBytes());
    }

    private static IEnumerable<BackupFile> Files(string draft)
    {
        foreach (var file in Directory.EnumerateFiles(draft, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(draft, file).Replace('\\', '/');
            if (FolderLayout.IsArtifact(name)) continue;
            using var content = File.OpenRead(file);
            yield return new BackupFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
    }
}
