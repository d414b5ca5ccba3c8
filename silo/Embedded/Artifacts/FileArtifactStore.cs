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

    /// <summary>Files in work at a time: each blocks a pool thread while the disk syncs.</summary>
    private const int MaxConcurrent = 8;

    private const int FirstTwo = 2;

    private readonly ArtifactNames _names;
    private readonly ArtifactFiles _files;
    private readonly string _root;
    private readonly SemaphoreSlim _turn = new(MaxConcurrent, MaxConcurrent);

    /// <summary>Opens the store in a data folder, making it when there is none.</summary>
    /// <exception cref="AgentRuntimeException">The folder cannot be written; the message names it.</exception>
    public FileArtifactStore(string folder, ReadOnlySpan<byte> rootKey)
    {
        _names = new ArtifactNames(rootKey);
        _root = Path.Combine(OwnerOnlyFolder.Ensure(folder), FolderName);
        _files = new ArtifactFiles(_root);
    }

    public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation) => InTurnAsync(() =>
    {
        var name = _names.NameOf(tenant, content.Span);
        var path = PathOf(tenant, name);
        if (ArtifactFiles.TryRead(path) is { } known && known.AsSpan().SequenceEqual(content.Span))
            _files.MakeDurable(path);
        else
            _files.Write(path, content.Span);
        return name;
    }, cancellation);

    public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => InTurnAsync(() =>
    {
        var content = ArtifactFiles.TryRead(PathOf(tenant, name))
            ?? throw Corrupted(tenant, name, "is not there");
        return _names.NameOf(tenant, content) == name ? content : throw Corrupted(tenant, name, "is not what was stored");
    }, cancellation);

    public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        InTurnAsync(() => ArtifactFiles.Delete(PathOf(tenant, name)), cancellation);

    public void Dispose() => _turn.Dispose();

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

    private string PathOf(TenantId tenant, string name) => ArtifactNames.IsName(name)
        ? Path.Combine(_root, tenant.Value, name[..FirstTwo], name)
        : throw Corrupted(tenant, name, "has no name of an artifact");

    private static AgentRuntimeException Corrupted(TenantId tenant, string name, string what) => new(ErrorCode.StorageCorrupted,
        $"Artifact {tenant}/{name} {what}. Restore the data folder from a backup.");
}
