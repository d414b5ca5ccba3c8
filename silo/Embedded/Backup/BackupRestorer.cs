using System.Security.Cryptography;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Migration;

namespace AgentRuntime.Embedded.Backup;

/// <summary>
/// Makes a data folder of a backup: one of its own, with a cluster id that no other has, all open runs paused. The folder gets its name only
/// when all of that is done.
/// </summary>
internal sealed class BackupRestorer(TimeProvider time, IProgress<WorkStep> progress)
{
    /// <param name="source">A backup: a folder or a file.</param>
    /// <param name="target">A path where nothing is yet, or an empty folder.</param>
    /// <param name="cancellation">Leaves nothing behind.</param>
    /// <exception cref="AgentRuntimeException">The source is no sound backup, or something is at the target.</exception>
    public async Task<RestoreResult> RestoreAsync(string source, string target, CancellationToken cancellation)
    {
        if (!Path.Exists(source)) throw new AgentRuntimeException(ErrorCode.NotFound, $"Backup '{source}' is not there. Name a backup with --from.");
        var full = BackupPlace.Normal(target);
        try
        {
            using var draft = BackupDraft.Begin(full, FolderLayout.Format);
            progress.Report(new WorkStep("copying", 0, 1));
            await BackupPlace.CopyOutAsync(BackupPlace.Normal(source), draft.Content, cancellation);
            progress.Report(new WorkStep("copying", 1, 1));
            var manifest = BackupManifest.Read(draft.Content, source);
            RequireFiles(manifest, draft.Content, source);
            var result = await PrepareAsync(draft.Content, manifest, cancellation);
            draft.Publish();
            return result;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw BackupErrors.From(failure, full);
        }
    }

    private async Task<RestoreResult> PrepareAsync(string draft, BackupManifest manifest, CancellationToken cancellation)
    {
        File.Delete(Path.Combine(draft, BackupManifest.FileName));
        var folder = await DataFolder.OpenExistingAsync(draft, time, cancellation);
        var contents = await BackupTaker.CheckAsync(draft, folder, progress, cancellation);
        var places = FolderLayout.RunStoresIn(draft);
        foreach (var database in FolderLayout.Databases(places).Select(name => folder.At(name)).Where(File.Exists)) DatabaseCopy.MakeShareable(database);
        await new FolderMigrator(time, progress).RunAsync(draft, cancellation);
        var paused = 0L;
        foreach (var place in places)
        {
            await using var store = RunStore.Open(folder, place);
            paused += await new RestoredRuns(store, manifest, time, progress).PauseAsync(cancellation);
        }

        var format = new FolderFormat(
            FolderFormat.Current, Guid.NewGuid().ToString("N"), folder.Format.ServiceId, FolderFormat.ProductVersion(), folder.Format.KeySalt ?? folder.Format.ClusterId);
        DurableFile.Replace(Path.Combine(draft, FolderLayout.Format), format.ToBytes());
        return new RestoreResult(manifest, contents, paused, format.ClusterId);
    }

    private static void RequireFiles(BackupManifest manifest, string draft, string source)
    {
        foreach (var file in manifest.Files)
        {
            var path = Path.GetFullPath(Path.Combine(draft, file.Path));
            if (!path.StartsWith(draft + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path)) throw Damaged(source, $"{file.Path} is missing");
            using var content = File.OpenRead(path);
            if (content.Length != file.Bytes || Convert.ToHexStringLower(SHA256.HashData(content)) != file.Sha256) throw Damaged(source, $"{file.Path} was changed");
        }

        var listed = manifest.Files.Select(file => file.Path).Append(BackupManifest.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(draft, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(draft, path).Replace('\\', '/');
            if (!listed.Contains(name) && !FolderLayout.IsArtifact(name)) throw Damaged(source, $"{name} is none of its files");
        }
    }

    private static AgentRuntimeException Damaged(string source, string what) =>
        new(ErrorCode.StorageCorrupted, $"Backup '{source}' is damaged: {what}. Nothing was restored; take another backup.");
}
