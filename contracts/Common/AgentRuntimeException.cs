namespace AgentRuntime.Common;

/// <summary>
/// The one exception that crosses slice and process borders. Its message may reach a tenant: it names the culprit and the fix
/// and holds neither a secret nor a prompt.
/// </summary>
[GenerateSerializer, Alias("agentruntime.error")]
public class AgentRuntimeException : Exception
{
    /// <summary>Creates a failure.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="message">Culprit and fix; shown to tenants.</param>
    /// <param name="isTransient">Whether the same call may succeed later without a change.</param>
    /// <param name="inner">The cause, for logs only.</param>
    public AgentRuntimeException(ErrorCode code, string message, bool isTransient = false, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        IsTransient = isTransient;
    }

    /// <summary>What went wrong.</summary>
    [Id(0)]
    public ErrorCode Code { get; private set; }

    /// <summary>Whether the same call may succeed later without a change.</summary>
    [Id(1)]
    public bool IsTransient { get; private set; }

    /// <summary>How long to wait before the same call is worth making again, where whoever failed has said so.</summary>
    [Id(2)]
    public TimeSpan? RetryAfter { get; init; }
}
