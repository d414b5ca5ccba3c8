using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>The message that it is in, by <see cref="ChatResponseUpdate.MessageId"/>, is void: the model was asked again, and what it says then has another id.</summary>
public sealed class VoidedMessageContent : AIContent;
