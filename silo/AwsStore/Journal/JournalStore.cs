namespace AgentRuntime.AwsStore.Journal;

/// <summary>Where writers of heads write.</summary>
internal sealed record JournalStore(JournalTable Table, TenantCounters Counters, TimeProvider Time);
