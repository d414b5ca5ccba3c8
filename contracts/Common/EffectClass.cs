namespace AgentRuntime.Common;

/// <summary>What may happen to a tool call whose outcome a crash has hidden.</summary>
public enum EffectClass
{
    /// <summary>No effect: the call is made again.</summary>
    Read = 1,

    /// <summary>The tool honours the idempotency key: the call is made again with the same key.</summary>
    Idempotent = 2,

    /// <summary>The call is never made again without a person's word.</summary>
    AtMostOnce = 3,
}
