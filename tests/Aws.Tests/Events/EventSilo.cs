using AgentRuntime.Agents;
using AgentRuntime.Aws.Sqs;
using AgentRuntime.Aws.Tests.Hosting;
using AgentRuntime.Benchmarks;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Events;

/// <summary>A silo of this process, as the product hosts it, whose messages come again after seconds.</summary>
internal static class EventSilo
{
    public static async Task<BenchSilo> StartAsync(AwsStandIn aws, S3StandIn s3, Action<IServiceCollection>? configure = null)
    {
        var payloads = new BenchPayloads(seed: 1);
        return await BenchSilo.StartAsync(new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), await SiloSettings.CreateAsync(aws, s3), services =>
        {
            services.Configure<SqsStreamOptions>(EventStreams.Provider, static queues => (queues.VisibilityTimeout, queues.MaxReceives) = (TimeSpan.FromSeconds(3), 3));
            services.Configure<Orleans.Configuration.StreamPullingAgentOptions>(EventStreams.Provider, static pulling => pulling.MaxEventDeliveryTime = TimeSpan.FromSeconds(1));
            configure?.Invoke(services);
        });
    }

    /// <summary>Runs of one step and of ten, and some that are cancelled; all have ended when this returns.</summary>
    public static async Task MixAsync(this BenchSilo silo, int runs)
    {
        await Task.WhenAll(Enumerable.Range(0, runs).Select(async number =>
        {
            if (number % 4 != 3)
            {
                await silo.CompleteRunAsync(number % 2 == 0 ? "10" : "1");
                return;
            }

            var run = await silo.StartRunAsync("200");
            var end = silo.Signals.End(run);
            var view = await silo.Run(run).ControlAsync(new Runs.ControlRun(Runs.RunControl.Cancel, "mix", BenchSilo.Caller));
            if (!Runs.RunStatusExtensions.IsTerminal(view.Status)) await end;
        }));
    }
}
