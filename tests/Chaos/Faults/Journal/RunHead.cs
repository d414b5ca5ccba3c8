using System.Security.Cryptography;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Faults.Journal;

/// <summary>What a writer knows of a run's end; it may be old.</summary>
internal sealed record RunHead(long NextSeq, byte[] Hash, string? Owner, OpenState State, long RunNo)
{
    public static RunHead Of(RunRow row, JournalEntry last) => new(last.Seq + 1, SHA256.HashData(last.Header), row.Owner, row.State, row.RunNo);
}
