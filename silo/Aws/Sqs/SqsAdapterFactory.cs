using AgentRuntime.Aws.Payloads;
using AgentRuntime.Aws.Sqs.Cache;
using AgentRuntime.Aws.Sqs.Messages;
using AgentRuntime.Aws.Sqs.Queues;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.TypeSystem;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs;

/// <summary>Makes the parts of one stream provider.</summary>
internal sealed class SqsAdapterFactory(SqsStreamSetup setup, bool isReader) : IQueueAdapterFactory, IAsyncDisposable
{
    private readonly SqsAdapterCache _caches = new(setup.Options, setup.Time);
    private readonly HashRingBasedStreamQueueMapper _mapper =
        new(new HashRingStreamQueueMapperOptions { TotalQueueCount = setup.Options.QueueCount }, setup.Options.QueueNamePrefix);

    private SqsAdapter? _adapter;

    public static SqsAdapterFactory ForSilo(IServiceProvider services, string name)
    {
        // Of several batches that are taken at once Orleans does not tell a cache of ours which were delivered.
        if (services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name).BatchContainerBatchSize != 1)
            throw new OrleansConfigurationException($"BatchContainerBatchSize of stream provider '{name}' is not 1. Leave it, and publish with OnNextBatchAsync to deliver several events at once.");
        return new SqsAdapterFactory(Setup(services, name), isReader: true);
    }

    public static SqsAdapterFactory ForClient(IServiceProvider services, string name) => new(Setup(services, name), isReader: false);

    public Task<IQueueAdapter> CreateAdapter() => CreateAdapter(default);

    public async Task<IQueueAdapter> CreateAdapter(CancellationToken cancellationToken)
    {
        if (isReader) await SqsQueues.CheckAsync(setup.Client, setup.Options, cancellationToken);
        var urls = new Dictionary<QueueId, string>();
        foreach (var queue in _mapper.GetAllQueues())
        {
            urls[queue] = await SqsQueues.UrlAsync(setup.Client, QueueNames.Queue(setup.Options, queue), cancellationToken);
        }

        var dead = await SqsQueues.UrlAsync(setup.Client, QueueNames.Dead(setup.Options), cancellationToken);
        return _adapter = new SqsAdapter(setup, _mapper, _caches, urls, dead);
    }

    public IQueueAdapterCache GetQueueAdapterCache() => _caches;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(new SqsFailureHandler(setup.Log));

    public ValueTask DisposeAsync() => _adapter?.DisposeAsync() ?? default;

    private static SqsStreamSetup Setup(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<SqsStreamOptions>>().Get(name);
        var payloads = options.Bucket is { } bucket ? new S3PayloadStore(services.GetRequiredService<IAmazonS3>(), bucket, options.KmsKey) : options.PayloadStore;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<SqsStreamLog>();
        return new SqsStreamSetup(
            name,
            options,
            services.GetRequiredService<IAmazonSQS>(),
            new SqsMessages(options, services.GetRequiredService<Serializer>(), services.GetRequiredService<TypeConverter>(), payloads),
            new SqsStreamLog(name, logger, services.GetRequiredService<SqsInstruments>()),
            services.GetRequiredService<TimeProvider>());
    }
}
