using AgentRuntime.Aws.Payloads;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>What a write leaves.</summary>
/// <param name="Bytes">The state; none when it is cleared.</param>
/// <param name="ExpiresAt">When DynamoDB may delete it, in seconds since 1970.</param>
internal sealed record StateContent(PackedBytes? Bytes, long? ExpiresAt);
