namespace AgentRuntime.Aws.Sqs.Receiving;

/// <summary>What a received message is.</summary>
internal enum Arrival
{
    /// <summary>Not known yet.</summary>
    New,

    /// <summary>It is held already; its time was up.</summary>
    Again,

    /// <summary>Another message with the same events is held.</summary>
    Copy,

    /// <summary>Its events were delivered.</summary>
    Finished,
}
