namespace AgentRuntime.Chaos.Kill.Stores;

/// <summary>Where the silos of a campaign keep their state, and how the harness looks at that from outside.</summary>
internal interface ICampaignStore : IAsyncDisposable
{
    /// <summary>What tells a silo where it is.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The same for a silo of an older version, which refuses settings that it does not know.</summary>
    IReadOnlyDictionary<string, string> OldEnvironment { get; }

    JournalTail Tail { get; }

    /// <summary>Whether the newest silo at a port is dead as the cluster has it.</summary>
    Task<bool> IsDeclaredDeadAsync(int siloPort);

    /// <summary>Opens what is left once all silos are dead.</summary>
    StoredRuns Open();
}
