using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Folder;

/// <summary>
/// The one folder that holds everything of an embedded cluster. Opening it proves that it is ours, readable, writable and of a known format.
/// Several silo processes may have it open at once.
/// </summary>
internal sealed class DataFolder
{
    private const UnixFileMode OwnerOnly = DurableFile.OwnerOnly | UnixFileMode.UserExecute;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    // A silo that prunes gives the place up after each turn.
    private static readonly TimeSpan MaintenancePatience = TimeSpan.FromSeconds(15);

    private readonly RootKey _key;

    private DataFolder(string path, FolderFormat format, RootKey key)
    {
        Path = path;
        Format = format;
        _key = key;
    }

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    public FolderFormat Format { get; }

    /// <summary>Full path of a file or folder within.</summary>
    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>A 32-byte key for one purpose: always the same in this folder, unrelated to the key of any other purpose.</summary>
    public byte[] DeriveKey(string purpose) => _key.Derive(purpose);

    /// <summary>Opens the folder, or makes it.</summary>
    /// <param name="path">Where; relative to the current folder.</param>
    /// <param name="serviceId">The service id to use; a folder of another one is refused. Null: the folder's own, or the default for a new one.</param>
    /// <param name="clusterId">As <paramref name="serviceId"/>; null makes a random one for a new folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops waiting for another process that is opening the folder.</param>
    /// <exception cref="AgentRuntimeException">The folder is foreign, damaged, newer, of another cluster or unusable.</exception>
    public static async Task<DataFolder> OpenAsync(
        string path, string? serviceId, string? clusterId, TimeProvider time, CancellationToken cancellation)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        try
        {
            Create(full);
            using var held = await LockAsync(full, time, cancellation);
            var isNew = !File.Exists(System.IO.Path.Combine(full, FolderLayout.Format));
            if (isNew)
            {
                RequireNothingElse(full);
                var keys = Directory.CreateDirectory(System.IO.Path.Combine(full, FolderLayout.Keys));
                RootKey.Create(System.IO.Path.Combine(keys.FullName, FolderLayout.RootKey));
            }

            // The format comes last: a folder that has it has everything.
            var format = isNew ? CreateFormat(full, serviceId, clusterId) : ReadFormat(full, serviceId, clusterId);
            var key = RootKey.Open(System.IO.Path.Combine(full, FolderLayout.Keys, FolderLayout.RootKey), format.KeySalt ?? format.ClusterId);
            return new DataFolder(full, format, key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AgentRuntimeException(
                ErrorCode.StorageExhausted,
                $"Data folder '{full}' cannot be used: {failure.Message} Make it writable for this user, or choose another with --data (Silo:DataFolder).",
                inner: failure);
        }
    }

    /// <summary>Opens a folder that is there already.</summary>
    /// <exception cref="AgentRuntimeException">There is no data folder, or it cannot be opened.</exception>
    public static Task<DataFolder> OpenExistingAsync(string path, TimeProvider time, CancellationToken cancellation) =>
        File.Exists(System.IO.Path.Combine(path, FolderLayout.Format))
            ? OpenAsync(path, serviceId: null, clusterId: null, time, cancellation)
            : throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition, $"'{System.IO.Path.GetFullPath(path)}' is no data folder of the agent runtime. Name one with --data (Silo:DataFolder).");

    /// <summary>Takes the one place of those that back up, prune or migrate the folder, or returns null when it is taken.</summary>
    public FileLock? TryTakeMaintenance() => FileLock.TryTake(At(FolderLayout.MaintenanceLock));

    /// <summary>Takes the one place of those that back up, prune or migrate the folder.</summary>
    /// <exception cref="AgentRuntimeException">Unavailable: somebody has it and keeps it.</exception>
    public async Task<FileLock> TakeMaintenanceAsync(TimeProvider time, CancellationToken cancellation) =>
        await FileLock.TakeAsync(At(FolderLayout.MaintenanceLock), MaintenancePatience, time, cancellation)
        ?? throw new AgentRuntimeException(
            ErrorCode.Unavailable,
            $"Data folder '{Path}' is being backed up, pruned or migrated by another process. Wait for it to end, then try again.",
            isTransient: true);

    /// <summary>Serialises what processes do to the folder as a whole. Held for milliseconds.</summary>
    public Task<FileLock> LockAsync(TimeProvider time, CancellationToken cancellation) => LockAsync(Path, time, cancellation);

    /// <summary>Keeps silos from starting on the folder, which none serves now.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: a silo serves it.</exception>
    public async Task<FileLock> LockUnservedAsync(TimeProvider time, CancellationToken cancellation)
    {
        var held = await LockAsync(time, cancellation);
        if (SiloSeats.FindLiving(Path) is not { Count: > 0 } ports) return held;
        held.Dispose();
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"Data folder '{Path}' is served by {(ports.Count == 1 ? "the silo" : "silos")} on port {string.Join(", ", ports)}. Stop all of them first.");
    }

    private static async Task<FileLock> LockAsync(string path, TimeProvider time, CancellationToken cancellation) =>
        await FileLock.TakeAsync(System.IO.Path.Combine(path, FolderLayout.Lock), LockPatience, time, cancellation)
        ?? throw new AgentRuntimeException(
            ErrorCode.Unavailable,
            $"Data folder '{path}' is held by another process that opens or migrates it and does not go on. Find and end it, then start again.",
            isTransient: true);

    private static void Create(string path)
    {
        var made = !Directory.Exists(path);
        if (made)
        {
            CreateOwned(path);
            return;
        }

        // Looked at once: another process may be making the folder at this moment.
        var names = Directory.EnumerateFileSystemEntries(path).Select(entry => System.IO.Path.GetFileName(entry)).ToHashSet(StringComparer.Ordinal);
        var known = names.Contains(FolderLayout.Format) || names.Contains(FolderLayout.Lock);
        if (!known && names.Count > 0)
        {
            throw Foreign(path);
        }

        if (!known && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }

        RequireOwnerOnly(path);
    }

    private static void CreateOwned(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        DurableFile.SyncFolder(System.IO.Path.GetDirectoryName(path)!);
    }

    private static FolderFormat CreateFormat(string path, string? serviceId, string? clusterId)
    {
        var format = new FolderFormat(
            FolderFormat.Current, clusterId ?? Guid.NewGuid().ToString("N"), serviceId ?? "agentruntime", FolderFormat.ProductVersion());
        DurableFile.TryCreate(System.IO.Path.Combine(path, FolderLayout.Format), format.ToBytes());
        return format;
    }

    private static FolderFormat ReadFormat(string path, string? serviceId, string? clusterId)
    {
        var existing = FolderFormat.Parse(File.ReadAllBytes(System.IO.Path.Combine(path, FolderLayout.Format)), path);
        RequireSame(path, "Silo:ServiceId", serviceId, existing.ServiceId);
        RequireSame(path, "Silo:ClusterId", clusterId, existing.ClusterId);
        return existing;
    }

    private static void RequireSame(string path, string setting, string? wanted, string existing)
    {
        if (wanted is not null && wanted != existing)
        {
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition,
                $"Data folder '{path}' belongs to the cluster whose {setting} is '{existing}', not '{wanted}'. "
                + $"Set {setting} to '{existing}', leave it out, or choose another folder with --data (Silo:DataFolder).");
        }
    }

    // What a process leaves that died before the format was written; it is taken up where it was left.
    private static void RequireNothingElse(string path)
    {
        var names = Directory.EnumerateFileSystemEntries(path).Select(entry => System.IO.Path.GetFileName(entry)!);
        if (names.Any(name => name is not (FolderLayout.Lock or FolderLayout.Keys) && !name.StartsWith($"{FolderLayout.Format}.", StringComparison.Ordinal)))
        {
            throw Foreign(path);
        }
    }

    private static void RequireOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new AgentRuntimeException(
                ErrorCode.PermissionDenied, $"Data folder '{path}' is open to other users. Fix: chmod 700 '{path}'.");
        }
    }

    private static AgentRuntimeException Foreign(string path) => new(
        ErrorCode.FailedPrecondition,
        $"Folder '{path}' is not empty and no data folder of the agent runtime. Nothing in it was changed. Choose an empty or new folder with --data (Silo:DataFolder).");
}
