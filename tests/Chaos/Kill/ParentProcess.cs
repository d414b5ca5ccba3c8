using System.Diagnostics;

namespace AgentRuntime.Chaos.Kill;

/// <summary>A child ends with the harness even when that is killed.</summary>
internal static class ParentProcess
{
    public static async Task WaitForEndAsync(int id, CancellationToken cancellation)
    {
        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(cancellation);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
        catch (OperationCanceledException)
        {
        }
    }
}
