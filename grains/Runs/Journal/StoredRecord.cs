using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Journal;

/// <summary>A record read back. <see cref="Record"/> is null once its payload is erased.</summary>
internal sealed record StoredRecord(RecordHeader Header, byte[] HeaderHash, ReadOnlyMemory<byte> Payload, RunRecord? Record);
