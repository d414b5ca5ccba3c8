using System.Text.Json.Serialization;

namespace AgentRuntime.Aws.Sqs.Messages;

/// <summary>The body of a message.</summary>
internal sealed record SqsEnvelope
{
    public const int CurrentVersion = 1;

    [JsonPropertyName("v")]
    public required int Version { get; init; }

    /// <summary>Given once by the publisher: a message that was sent twice, or comes twice, has the same.</summary>
    [JsonPropertyName("id")]
    public required Guid Id { get; init; }

    [JsonPropertyName("tenant")]
    public required string Tenant { get; init; }

    [JsonPropertyName("ns")]
    public string? Namespace { get; init; }

    [JsonPropertyName("key")]
    public required string Key { get; init; }

    /// <summary>The alias of the first event's type, for whoever looks at a dead message.</summary>
    [JsonPropertyName("type")]
    public required string EventType { get; init; }

    [JsonPropertyName("count")]
    public required int Count { get; init; }

    [JsonPropertyName("enc")]
    public required string Encoding { get; init; }

    [JsonPropertyName("sha")]
    public required byte[] Sha { get; init; }

    [JsonPropertyName("data")]
    public byte[]? Data { get; init; }

    /// <summary>Where the data is, if it is not here.</summary>
    [JsonPropertyName("object")]
    public string? ObjectKey { get; init; }

    [JsonIgnore]
    public StreamId Stream => StreamId.Create(Namespace, Key);
}
