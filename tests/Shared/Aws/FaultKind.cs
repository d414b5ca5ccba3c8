namespace AgentRuntime.Testing.Aws;

/// <summary>What AWS does now and then.</summary>
internal enum FaultKind
{
    /// <summary>Refused because there is too much; nothing happened.</summary>
    Throttle,

    /// <summary>A 500; nothing happened.</summary>
    ServerError,

    /// <summary>It happened, and the answer never came.</summary>
    TimeoutWithEffect,

    /// <summary>It did not happen, and no answer came.</summary>
    TimeoutWithoutEffect,

    /// <summary>Of a batch only a part was done, and the rest was handed back. Other requests go through untouched.</summary>
    PartialBatch,

    /// <summary>A read that does not ask for the newest was answered as a moment ago. Other requests, and reads of what has not changed since, go through untouched.</summary>
    StaleRead,
}
