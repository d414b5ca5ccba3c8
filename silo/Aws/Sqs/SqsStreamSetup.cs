using AgentRuntime.Aws.Sqs.Messages;
using Amazon.SQS;

namespace AgentRuntime.Aws.Sqs;

/// <summary>What the parts of one stream provider share.</summary>
internal sealed record SqsStreamSetup(string Name, SqsStreamOptions Options, IAmazonSQS Client, SqsMessages Messages, SqsStreamLog Log, TimeProvider Time);
