using Amazon.Runtime;

namespace AgentRuntime.Aws.Isolation;

/// <summary>Credentials of a session, and when they end.</summary>
internal sealed record SessionKeys(AWSCredentials Credentials, DateTimeOffset Until);
