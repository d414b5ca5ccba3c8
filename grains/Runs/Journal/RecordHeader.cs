using System.Diagnostics;

namespace AgentRuntime.Runs.Journal;

/// <summary>What a record's header says. Everything a verifier needs without the payload.</summary>
/// <param name="Run">The run.</param>
/// <param name="Seq">Dense, from 0.</param>
/// <param name="Alias">The record's type, see <see cref="RecordTypes"/>.</param>
/// <param name="RecordVersion">Version of the record's form.</param>
/// <param name="MinReader">The lowest version of <see cref="RecordTypes.ReaderVersion"/> that understands it.</param>
/// <param name="Time">Wall time of the append (UTC, milliseconds).</param>
/// <param name="Actor">Who caused it.</param>
/// <param name="TraceId">The trace of the run; default when there is none.</param>
/// <param name="PreviousHash">SHA-256 of the previous header; zero for seq 0.</param>
/// <param name="PayloadCommitment">SHA-256 of salt and payload.</param>
/// <param name="PayloadLength">Bytes of the payload.</param>
internal sealed record RecordHeader(
    RunKey Run,
    long Seq,
    string Alias,
    ushort RecordVersion,
    ushort MinReader,
    DateTimeOffset Time,
    string Actor,
    ActivityTraceId TraceId,
    byte[] PreviousHash,
    byte[] PayloadCommitment,
    int PayloadLength);
