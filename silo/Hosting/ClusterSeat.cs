using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Membership;
using AgentRuntime.Tenants;

namespace AgentRuntime.Hosting;

/// <summary>
/// This process's place in the cluster of its data folder: a lock named after the silo port, held while the process lives. Whoever can take
/// the lock of another silo knows for certain that its process has ended, without waiting for missed heartbeats.
/// </summary>
internal sealed class ClusterSeat : IDisposable
{
    private readonly FileLock _seat;

    private ClusterSeat(FileLock seat, int port)
    {
        _seat = seat;
        Port = port;
    }

    /// <summary>The silo port.</summary>
    public int Port { get; }

    /// <summary>
    /// Takes the seat, makes sure that the silos which run now are configured alike, and writes down as dead those whose process has ended.
    /// </summary>
    /// <exception cref="AgentRuntimeException">The seat is taken, or the running silos are configured otherwise.</exception>
    public static async Task<ClusterSeat> TakeAsync(
        DataFolder folder, int port, TenancyPlan tenancy, TimeProvider time, CancellationToken cancellation)
    {
        using var held = await folder.LockAsync(time, cancellation);
        var seat = SiloSeats.TryTake(folder, port) ?? throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"A silo on port {port} already serves data folder '{folder.Path}'. Add one with --port-offset (Silo:PortOffset), or stop that one first.");
        try
        {
            var living = SiloSeats.FindLiving(folder.Path).Append(port).ToHashSet();
            Agree(folder, ClusterAgreement.Of(folder.Format, tenancy), othersLive: living.Count > 1);
            using var table = new SqliteMembershipTable(folder.At(FolderLayout.Membership), folder.Format.ClusterId, time);
            await table.BuryAsync(silo => silo.Endpoint.Port == port || !living.Contains(silo.Endpoint.Port));
            return new ClusterSeat(seat, port);
        }
        catch
        {
            seat.Dispose();
            throw;
        }
    }

    public void Dispose() => _seat.Dispose();

    private static void Agree(DataFolder folder, ClusterAgreement mine, bool othersLive)
    {
        var file = folder.At(FolderLayout.Agreement);
        var theirs = othersLive && File.Exists(file) ? JsonSerializer.Deserialize<ClusterAgreement>(File.ReadAllBytes(file)) : null;
        if (theirs is not null && theirs != mine)
        {
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition,
                $"The silos that run on data folder '{folder.Path}' are configured otherwise: {theirs.Differences(mine)}. "
                + "Use the same version and settings, stop them first, or choose another folder with --data (Silo:DataFolder).");
        }

        DurableFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(mine));
    }
}
