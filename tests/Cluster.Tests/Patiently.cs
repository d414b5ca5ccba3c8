using Grpc.Core;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Calls of a cluster whose silos die.</summary>
internal static class Patiently
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Until a silo's death is known, calls to what it held are answered UNAVAILABLE, which asks for a repetition.</summary>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable && TimeProvider.System.GetElapsedTime(start) < Patience)
            {
            }
        }
    }
}
