namespace AgentRuntime.Models.OpenAI;

/// <summary>An endpoint sent more than it may.</summary>
internal sealed class AnswerTooLargeException(long maxBytes) : IOException($"The answer has more than {maxBytes} bytes.")
{
    public long MaxBytes => maxBytes;
}
