using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Models.Recordings;

/// <summary>How a recorded call failed.</summary>
internal sealed record RecordedFailure(ErrorCode Code, string Message, bool IsTransient, TimeSpan? RetryAfter)
{
    /// <summary>What <paramref name="failure"/> is to a run that calls <paramref name="model"/>.</summary>
    public static RecordedFailure Of(Exception failure, string model) => failure is AgentRuntimeException known
        ? new RecordedFailure(known.Code, known.Message, known.IsTransient, known.RetryAfter)
        : new RecordedFailure(ErrorCode.ModelFailed, $"model {model}: failed with {failure.GetType().Name}.", IsTransient: true, null);

    public static RecordedFailure Read(JsonElement failure) => new(
        Enum.Parse<ErrorCode>(failure.GetProperty("code").GetString()!),
        failure.GetProperty("message").GetString()!,
        failure.GetProperty("isTransient").GetBoolean(),
        failure.TryGetProperty("retryAfterMs", out var ms) ? TimeSpan.FromMilliseconds(ms.GetInt64()) : null);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("failure");
        json.WriteString("code", Code.ToString());
        json.WriteString("message", Message);
        json.WriteBoolean("isTransient", IsTransient);
        if (RetryAfter is { } wait) json.WriteNumber("retryAfterMs", (long)wait.TotalMilliseconds);
        json.WriteEndObject();
    }

    public AgentRuntimeException ToException() => new(Code, Message, IsTransient) { RetryAfter = RetryAfter };
}
