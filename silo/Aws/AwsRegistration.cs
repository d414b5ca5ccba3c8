using AgentRuntime.Aws.Connection;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Aws;

/// <summary>Registers the clients of AWS that the providers share.</summary>
public static class AwsRegistration
{
    /// <summary>
    /// Registers <see cref="IAmazonDynamoDB"/>, <see cref="IAmazonS3"/> and <see cref="IAmazonSQS"/>, made from <see cref="AwsOptions"/>. A client that is
    /// registered already stays: the providers use whichever the container gives them. May be called more than once; the options add up.
    /// </summary>
    public static IServiceCollection AddAws(this IServiceCollection services, Action<AwsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null) services.Configure(configure);
        services.AddOptions<AwsOptions>().ValidateOnStart();
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AwsOptions>, AwsOptionsValidator>());
        services.TryAddSingleton<AwsInstruments>();
        services.TryAddSingleton<AwsConnection>();
        services.TryAddSingleton<IAmazonDynamoDB>(static provider => provider.GetRequiredService<AwsConnection>().DynamoDb());
        services.TryAddSingleton<IAmazonS3>(static provider => provider.GetRequiredService<AwsConnection>().S3());
        services.TryAddSingleton<IAmazonSQS>(static provider => provider.GetRequiredService<AwsConnection>().Sqs());
        return services;
    }
}
