namespace AgentRuntime.FrontDoor;

/// <summary>Settings of the front door.</summary>
internal sealed class FrontDoorOptions
{
    public const string SectionName = "FrontDoor";

    /// <summary>Seconds for a unary call when the client sets no deadline or a later one. 1 to 300; default 30. Higher lets slow calls hold memory longer.</summary>
    public int MaxUnarySeconds { get; set; } = 30;

    /// <summary>Seconds that the message of a call may take to come, a stream's, too. 1 to 300; default 20. Higher lets slow senders keep places that others wait for.</summary>
    public int MaxReceiveSeconds { get; set; } = 20;

    /// <summary>Open watches of one tenant on this silo. 1 to 100,000; default 100. Each one polls the journal.</summary>
    public int MaxWatchesPerTenant { get; set; } = 100;

    /// <summary>Open watches of health and streams of reflection on this silo, for which nobody needs a credential; one connection has at most 8. 1 to 100,000; default 1,000.</summary>
    public int MaxHealthWatches { get; set; } = 1_000;

    /// <summary>Open connections of both ports together; more are closed at once. 1 to 1,000,000; default 10,000. Each takes some 50 kB, with TLS more.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Seconds of silence after which a watch sends a heartbeat. 1 to 300; default 15.</summary>
    public int HeartbeatSeconds { get; set; } = 15;

    /// <summary>Seconds within which a reader has to take a message of a stream, which is broken off otherwise. 1 to 300; default 60. Higher lets readers that stall hold memory longer.</summary>
    public int MaxReadSeconds { get; set; } = 60;

    /// <summary>Milliseconds between looks for records that another silo wrote. 10 to 10,000; default 200. Lower costs reads, higher delays watchers.</summary>
    public int WatchPollMilliseconds { get; set; } = 200;
}
