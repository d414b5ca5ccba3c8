namespace AgentRuntime.Aws.Sqs.Messages;

/// <summary>What a message carries.</summary>
[GenerateSerializer, Alias("aws.sqs.events")]
internal sealed record SqsEvents
{
    [Id(0)]
    public required List<object> Events { get; init; }

    /// <summary>The publisher's RequestContext, for tracing. It carries no authority.</summary>
    [Id(1)]
    public Dictionary<string, object>? Context { get; init; }
}
