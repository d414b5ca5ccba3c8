using AgentRuntime.FrontDoor.InProcess;

namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>Starts runs from a queue.</summary>
internal static class StartQueueRegistration
{
    /// <summary>Reads the queue while the silo serves. The client of SQS is the container's.</summary>
    public static WebApplicationBuilder AddStartQueue(this WebApplicationBuilder builder, StartQueuePlace place)
    {
        var transport = new InProcessTransport();
        transport.AddTo(builder);
        builder.Services.AddSingleton(place);
        builder.Services.AddSingleton<StartQueueRequests>();
        builder.Services.AddSingleton(_ => new StartCaller(transport));
        builder.Services.AddSingleton<StartQueueLog>();
        builder.Services.AddHostedService<StartConsumer>();
        return builder;
    }
}
