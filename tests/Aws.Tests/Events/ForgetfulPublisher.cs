using AgentRuntime.Events;
using AgentRuntime.Runs.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Aws.Tests.Events;

/// <summary>A planted fault: publishes every second append and forgets the others.</summary>
internal sealed class ForgetfulPublisher(PublishQueue queue, EventSender sender) : BackgroundService
{
    private int _forgotten;

    public int Forgotten => Volatile.Read(ref _forgotten);

    public static void Plant(IServiceCollection services)
    {
        services.Remove(services.Single(static service => service.ImplementationType == typeof(RunPublisher)));
        services.AddSingleton<ForgetfulPublisher>();
        services.AddHostedService(static provider => provider.GetRequiredService<ForgetfulPublisher>());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var appends = 0;
        await foreach (var append in queue.Appends.ReadAllAsync(stoppingToken))
        {
            if (appends++ % 2 == 0) Interlocked.Increment(ref _forgotten);
            else foreach (var batch in EventBatches.Pack(append.Run.Tenant, [append])) await sender.SendAsync(batch);
        }
    }
}
