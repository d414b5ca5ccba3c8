using AgentRuntime.Aws.Sqs;
using AgentRuntime.Aws.Sqs.Cache;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Streams;

namespace AgentRuntime.Aws.Tests.Sqs;

/// <summary>One queue of its own, with its queue of the dead, what publishes to it and who reads it: the provider without a silo around it.</summary>
internal sealed class StreamQueue : IAsyncDisposable
{
    public static readonly StreamId Stream = StreamId.Create("orders", "acme/1");

    private const string Name = "streams";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;
    private readonly SqsAdapterFactory _factory;
    private readonly List<Reader> _readers = [];

    private StreamQueue(ServiceProvider services, SqsAdapterFactory factory, IQueueAdapter adapter, MemoryPayloads payloads) =>
        (_services, _factory, Adapter, Payloads) = (services, factory, adapter, payloads);

    public IQueueAdapter Adapter { get; }

    public MemoryPayloads Payloads { get; }

    public IAmazonSQS Client => _services.GetRequiredService<IAmazonSQS>();

    public SqsStreamOptions Options => _services.GetRequiredService<IOptionsMonitor<SqsStreamOptions>>().Get(Name);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<StreamQueue> CreateAsync(
        AwsStandIn aws, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null, Action<SqsStreamOptions>? configure = null)
    {
        var payloads = new MemoryPayloads();
        var prefix = $"{AwsStandIn.NewPrefix()}stream";
        var services = new ServiceCollection().AddLogging().AddSerializer().AddAws(await aws.SqsOptionsAsync(wrap)).AddSingleton<SqsInstruments>();
        services.AddOptions<SqsStreamOptions>(Name).Configure(options =>
        {
            options.QueueNamePrefix = prefix;
            options.QueueCount = 1;
            options.VisibilityTimeout = TimeSpan.FromSeconds(3);
            options.PayloadStore = payloads;
            options.Tenant = static stream => stream.GetKeyAsString().Split('/')[0];
            configure?.Invoke(options);
        });
        var provider = services.BuildServiceProvider();
        await using (var plain = new ServiceCollection().AddAws(await aws.SqsOptionsAsync()).BuildServiceProvider())
        {
            await SqsQueues.CreateAsync(
                plain.GetRequiredService<IAmazonSQS>(), provider.GetRequiredService<IOptionsMonitor<SqsStreamOptions>>().Get(Name), Stop);
        }

        var factory = SqsAdapterFactory.ForClient(provider, Name);
        return new StreamQueue(provider, factory, await factory.CreateAdapter(Stop), payloads);
    }

    public Task PublishAsync(params object[] events) => PublishAsync(Stream, events);

    public Task PublishAsync(StreamId stream, params object[] events) => Adapter.QueueMessageBatchAsync(stream, events, null, null);

    /// <summary>Reads as the agent of a silo does.</summary>
    public async Task<Reader> ReadAsync()
    {
        var queue = _factory.GetStreamQueueMapper().GetAllQueues().Single();
        var cache = (SqsQueueCache)_factory.GetQueueAdapterCache().CreateQueueCache(queue);
        var reader = new Reader(cache, Adapter.CreateReceiver(queue));
        _readers.Add(reader);
        await reader.Receiver.Initialize(Patience);
        return reader;
    }

    public async Task<string> UrlAsync(string suffix = "0") => (await Client.GetQueueUrlAsync($"{Options.QueueNamePrefix}-{suffix}", Stop)).QueueUrl;

    /// <summary>Sends a text as it is.</summary>
    public async Task SendAsync(string body) => await Client.SendMessageAsync(await UrlAsync(), body, Stop);

    /// <summary>How many messages there are, hidden or not.</summary>
    public async Task<int> CountAsync(string suffix = "0")
    {
        var found = await Client.GetQueueAttributesAsync(await UrlAsync(suffix), ["All"], Stop);
        return found.ApproximateNumberOfMessages + found.ApproximateNumberOfMessagesNotVisible;
    }

    /// <summary>Completes once the queue is empty.</summary>
    public Task EmptyAsync() => Eventually.TrueAsync(async () => await CountAsync() == 0, "the queue is empty");

    /// <summary>Takes the next message of the dead.</summary>
    public async Task<Message> DeadAsync()
    {
        var request = new ReceiveMessageRequest(await UrlAsync("dead")) { WaitTimeSeconds = 20, MaxNumberOfMessages = 1, MessageAttributeNames = ["All"] };
        return Assert.Single((await Client.ReceiveMessageAsync(request, Stop)).Messages ?? []);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers) await reader.Receiver.Shutdown(Patience);
        await _factory.DisposeAsync();
        await _services.DisposeAsync();
    }
}
