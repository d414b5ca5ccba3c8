namespace AgentRuntime.Aws.Sqs.Messages;

/// <summary>A message that this silo cannot read, though one of another release or with other settings may. Its text is the reason that goes with it to the queue of the dead once it came too often.</summary>
internal sealed class UnknownMessageException(string reason, Exception? inner = null) : Exception(reason, inner);
