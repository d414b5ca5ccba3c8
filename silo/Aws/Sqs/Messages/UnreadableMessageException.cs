namespace AgentRuntime.Aws.Sqs.Messages;

/// <summary>A message that nobody will ever be able to deliver. Its text is the reason that goes with it to the queue of the dead.</summary>
internal sealed class UnreadableMessageException(string reason, Exception? inner = null) : Exception(reason, inner);
