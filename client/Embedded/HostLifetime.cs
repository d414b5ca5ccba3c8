using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Client.Embedded;

/// <summary>The program starts and stops the silo; signals are the program's.</summary>
internal sealed class HostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
