using AgentRuntime.Aws.Sqs;
using AgentRuntime.Testing.Aws;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace AgentRuntime.Chaos.Faults.Streams;

/// <summary>The queues, and the provider as a silo has it.</summary>
internal sealed class StreamSetup(FaultyAws aws)
{
    public const int Queues = 2;
    private const string Name = "streams";
    private readonly MemoryPayloads _payloads = new();

    public async Task CreateAsync()
    {
        await using var services = Build(aws.Plain());
        await SqsQueues.CreateAsync(services.GetRequiredService<IAmazonSQS>(), services.GetRequiredService<IOptionsMonitor<SqsStreamOptions>>().Get(Name), CancellationToken.None);
    }

    /// <summary>A silo's services.</summary>
    public ServiceProvider Open(Func<HttpMessageHandler, HttpMessageHandler>? line = null) => Build(aws.Connect(line));

    public static SqsAdapterFactory Factory(IServiceProvider services) => SqsAdapterFactory.ForClient(services, Name);

    /// <summary>How many messages there are, hidden or not, in a queue: by its number, or of the dead.</summary>
    public async Task<int> CountAsync(string suffix)
    {
        await using var services = Build(aws.Plain());
        var client = services.GetRequiredService<IAmazonSQS>();
        var url = (await client.GetQueueUrlAsync($"faults-{suffix}", CancellationToken.None)).QueueUrl;
        var found = await client.GetQueueAttributesAsync(url, ["All"], CancellationToken.None);
        return found.ApproximateNumberOfMessages + found.ApproximateNumberOfMessagesNotVisible;
    }

    private ServiceProvider Build(IServiceCollection services)
    {
        services.AddSerializer().AddSingleton<SqsInstruments>();
        services.AddOptions<SqsStreamOptions>(Name).Configure(options =>
        {
            options.QueueNamePrefix = "faults";
            options.QueueCount = Queues;
            options.VisibilityTimeout = TimeSpan.FromSeconds(3);
            // Many consumers die here before a message's time has come.
            options.MaxReceives = 100;
            options.PayloadStore = _payloads;
        });
        return services.BuildServiceProvider();
    }
}
