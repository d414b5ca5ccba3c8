namespace AgentRuntime.AwsStore.Artifacts;

/// <summary>Where artifacts lie.</summary>
/// <param name="Name">The bucket. It must exist.</param>
/// <param name="KmsKey">The id or ARN of the KMS key that S3 encrypts with; null leaves it to the bucket.</param>
/// <param name="Lock">How long artifacts cannot be deleted; null leaves it to the bucket.</param>
internal sealed record ArtifactBucket(string Name, string? KmsKey, ArtifactLock? Lock = null);
