using System.Diagnostics;

namespace AgentRuntime.Runs.Journal;

/// <summary>The parts of a header that its writer chooses; hashes are added by the chain.</summary>
internal readonly record struct HeaderFields(
    RunKey Run,
    long Seq,
    string Alias,
    ushort RecordVersion,
    ushort MinReader,
    DateTimeOffset Time,
    string Actor,
    ActivityTraceId TraceId,
    int PayloadLength);
