using AgentRuntime.Artifacts;
using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Artifacts;

/// <summary>
/// One file per artifact, <c>artifacts/{tenant}/{first two}/{name}</c>: written aside, synced, renamed, and its folder synced, so that
/// a name that exists always has its whole content, also after power loss.
/// </summary>
internal sealed class FileArtifactStore : IArtifactStore, IDisposable
{
    public const string FolderName = "artifacts";

    /// <summary>What the data folder derives the root of the artifacts' keys for.</summary>
    public const string KeyPurpose = "artifacts";

    /// <summary>Files in work at a time: each blocks a pool thread while the disk syncs.</summary>
    private const int MaxConcurrent = 8;

    private const int FirstTwo = 2;

    /// <summary>A file is locked for as long as it takes to delete it.</summary>
    private const int MaxPutAttempts = 200;
    private static readonly TimeSpan PutPause = TimeSpan.FromMilliseconds(10);

    private readonly ArtifactNames _names;
    private readonly ArtifactFiles _files;
    private readonly string _folder;
    private readonly string _root;
    private readonly SemaphoreSlim _turn = new(MaxConcurrent, MaxConcurrent);

    /// <summary>Opens the store in a data folder, making it when there is none.</summary>
    /// <exception cref="AgentRuntimeException">The folder cannot be written; the message names it.</exception>
    public FileArtifactStore(string folder, ReadOnlySpan<byte> rootKey)
    {
        _names = new ArtifactNames(rootKey);
        _folder = OwnerOnlyFolder.Ensure(folder);
        _root = Path.Combine(_folder, FolderName);
        _files = new ArtifactFiles(_root);
    }

    public async Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var name = _names.NameOf(tenant, content.Span);
        var path = PathOf(tenant, name);
        for (var attempt = 1; !await InTurnAsync(() => TryPut(path, content.Span), cancellation); attempt++)
        {
            if (attempt == MaxPutAttempts)
                throw new AgentRuntimeException(ErrorCode.Unavailable, $"Artifact {tenant}/{name} is being deleted by a process that does not go on; try again.", isTransient: true);

            // As long as it really takes: another process does it, which no clock of this host hurries.
            await Task.Delay(PutPause, TimeProvider.System, cancellation);
        }

        return name;
    }

    public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => InTurnAsync(() =>
    {
        var content = ArtifactFiles.TryRead(PathOf(tenant, name))
            ?? throw Corrupted(tenant, name, "is not there");
        return _names.NameOf(tenant, content) == name ? content : throw Corrupted(tenant, name, "is not what was stored");
    }, cancellation);

    public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        InTurnAsync(() => ArtifactFiles.Delete(PathOf(tenant, name)), cancellation);

    /// <summary>Destroys content that no record refers to any more.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="grace">
    /// It stays when it was stored, or found stored already, within this time: a record that is on its way may refer to it. Null: none is.
    /// By the clock that dates files, which no host can replace.
    /// </param>
    /// <param name="cancellation">Ends the waiting for a turn.</param>
    /// <returns>Whether it is gone.</returns>
    public Task<bool> TryRetireAsync(TenantId tenant, string name, TimeSpan? grace, CancellationToken cancellation) =>
        InTurnAsync(() => ArtifactFiles.TryRetire(PathOf(tenant, name), grace), cancellation);

    /// <summary>Where an artifact lies below the folder of its store.</summary>
    /// <exception cref="AgentRuntimeException">StorageCorrupted: no artifact has such a name.</exception>
    public static string PathIn(TenantId tenant, string name) => ArtifactNames.IsName(name)
        ? Path.Combine(FolderName, tenant.Value, name[..FirstTwo], name)
        : throw Corrupted(tenant, name, "has no name of an artifact");

    /// <summary>Whether an artifact may lie at <c>{tenant}/{first}/{name}</c>.</summary>
    public static bool IsPlace(string tenant, string first, string name) => IdFormat.IsValid(tenant) && ArtifactNames.IsName(name) && first == name[..FirstTwo];

    public void Dispose() => _turn.Dispose();

    /// <summary>False while another process decides whether the file goes away.</summary>
    private bool TryPut(string path, ReadOnlySpan<byte> content)
    {
        if (!ArtifactFiles.TryClaim(path, out var known)) return false;
        if (known is not null && known.AsSpan().SequenceEqual(content))
            _files.MakeDurable(path);
        else
            _files.Write(path, content);
        return true;
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ArtifactErrors.From(failure, _root);
        }
        finally
        {
            _turn.Release();
        }
    }

    private string PathOf(TenantId tenant, string name) => Path.Combine(_folder, PathIn(tenant, name));

    private static AgentRuntimeException Corrupted(TenantId tenant, string name, string what) => new(ErrorCode.StorageCorrupted,
        $"Artifact {tenant}/{name} {what}. Restore the data folder from a backup.");
}
