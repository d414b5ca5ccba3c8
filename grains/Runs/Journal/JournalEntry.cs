namespace AgentRuntime.Runs.Journal;

/// <summary>One record as stored. Header and seal are kept apart: destroying the seal leaves the chain of headers whole.</summary>
/// <param name="Seq">Dense, from 0.</param>
/// <param name="Header">The header's bytes; the chain and the payload's commitment run over them.</param>
/// <param name="Seal">Form (1 byte), salt (32 bytes), then payload or the artifact's name; null once erased.</param>
internal sealed record JournalEntry(long Seq, byte[] Header, byte[]? Seal);
