using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Aws.Sqs;

/// <summary>Carries Orleans streams over SQS.</summary>
public static class SqsStreamsExtensions
{
    /// <summary>
    /// Adds the stream provider <paramref name="name"/>, whose queues must exist when the silo starts. An event whose OnNextAsync has returned is
    /// delivered at least once to each consumer that was subscribed, whichever silos end meanwhile; a message is deleted after its consumers have
    /// finished. Events of one OnNextBatchAsync arrive in order; of several calls SQS does not keep the order. Tokens only grow and cannot be
    /// rewound to.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="configureOptions">Its queues and limits.</param>
    /// <param name="configureStream">Which silo reads which queue, and the rest of what Orleans lets configure. Default: by the consistent ring.</param>
    public static ISiloBuilder AddSqsStreams(
        this ISiloBuilder builder, string name, Action<SqsStreamOptions> configureOptions, Action<ISiloPersistentStreamConfigurator>? configureStream = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder.Services, name, configureOptions);
        return builder.AddPersistentStreams(name, SqsAdapterFactory.ForSilo, stream => configureStream?.Invoke(stream));
    }

    /// <summary>Lets a client publish to the streams of a cluster and subscribe to them; the silos read the queues. See the other overload.</summary>
    public static IClientBuilder AddSqsStreams(this IClientBuilder builder, string name, Action<SqsStreamOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder.Services, name, configureOptions);
        return builder.AddPersistentStreams(name, SqsAdapterFactory.ForClient, null);
    }

    private static void Add(IServiceCollection services, string name, Action<SqsStreamOptions> configure)
    {
        services.AddAws();
        services.AddOptions<SqsStreamOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqsStreamOptions>, SqsStreamOptionsValidator>());
        services.TryAddSingleton<SqsInstruments>();
    }
}
