namespace AgentRuntime.Mcp;

/// <summary>A server sent more messages than anybody could answer; nothing more is read from it.</summary>
internal sealed class TooManyMessagesException() : IOException($"it sent more than {MessageRate.Burst} messages at more than {MessageRate.PerSecond} a second");
