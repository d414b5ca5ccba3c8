namespace AgentRuntime.Mcp;

/// <summary>A server wrote a message that is larger than allowed; nothing more is read from it.</summary>
internal sealed class MessageTooLargeException(int maxBytes) : IOException($"a message is larger than {maxBytes} bytes")
{
    public int MaxBytes => maxBytes;
}
