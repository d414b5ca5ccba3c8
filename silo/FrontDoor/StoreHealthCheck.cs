using AgentRuntime.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentRuntime.FrontDoor;

/// <summary>
/// Healthy while the disk of the data folder takes what is written and the store, where that is elsewhere, answers. Anybody may ask, so it writes no more often than <see cref="KeptFor"/>.
/// </summary>
internal sealed class StoreHealthCheck(FrontDoorPlace place, TimeProvider time, StoreProbe? probe = null) : IHealthCheck, IDisposable
{
    public const string Name = "store";
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1);
    private HealthCheckResult _newest;
    private long? _at;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_at is { } at && time.GetElapsedTime(at) < KeptFor) return _newest;
            _newest = await WriteAsync(cancellationToken);
            _at = time.GetTimestamp();
            return _newest;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<HealthCheckResult> WriteAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(place.DataFolder, $".health-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            await using var file = new FileStream(path, options);
            await file.WriteAsync("written"u8.ToArray(), cancellation);
            file.Flush(flushToDisk: true);
            if (probe is not null) await probe(cancellation);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy("The data folder does not take what is written.", fault);
        }
        catch (AgentRuntimeException fault)
        {
            return HealthCheckResult.Unhealthy("The store does not answer.", fault);
        }
    }
}
