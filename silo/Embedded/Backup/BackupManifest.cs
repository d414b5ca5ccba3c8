using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Embedded.Backup;

/// <summary>What a backup holds, in its file <c>backup.json</c>. Written last: a backup that has it is whole.</summary>
/// <param name="Backup">Form of the backup; grows when an older product could not restore it.</param>
/// <param name="Cluster">The cluster that it was taken from.</param>
/// <param name="TakenAt">It shows at least everything that was durable then (UTC).</param>
/// <param name="TakenBy">Version of the product.</param>
/// <param name="FolderFormat">Format of the data folder.</param>
/// <param name="Contents">What was counted when it was verified.</param>
/// <param name="Files">All files but the artifacts, whose names vouch for them.</param>
internal sealed record BackupManifest(
    int Backup, string Cluster, DateTimeOffset TakenAt, string TakenBy, int FolderFormat, StoreContents Contents, IReadOnlyList<BackupFile> Files)
{
    public const int Current = 1;
    public const string FileName = "backup.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(string folder) => DurableFile.Replace(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <exception cref="AgentRuntimeException">There is no whole backup, or a newer product took it.</exception>
    public static BackupManifest Read(string folder, string source)
    {
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(Path.Combine(folder, FileName)), Json);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or JsonException)
        {
            throw new AgentRuntimeException(
                ErrorCode.StorageCorrupted, $"'{source}' is no whole backup: its {FileName} is not there or damaged. Nothing was restored; take another backup.", inner: failure);
        }

        if (manifest is not { Backup: >= 1, Contents: not null, Files: not null, Cluster: not null })
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"'{source}' is no whole backup: its {FileName} says too little. Nothing was restored.");
        return manifest.Backup <= Current && manifest.FolderFormat <= Folder.FolderFormat.Current
            ? manifest
            : throw new AgentRuntimeException(
                ErrorCode.StorageCorrupted, $"Backup '{source}' was taken by a newer version ({manifest.TakenBy}). Restore it with that one.");
    }
}

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative, with '/'.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash, hex.</param>
internal sealed record BackupFile(string Path, long Bytes, string Sha256);
