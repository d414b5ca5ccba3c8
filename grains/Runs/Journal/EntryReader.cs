using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Journal;

/// <summary>Turns entries back into records. The payload is checked against the header's commitment before it is believed.</summary>
internal sealed class EntryReader(IArtifactStore artifacts)
{
    /// <summary>Reads one entry.</summary>
    /// <exception cref="AgentRuntimeException">
    /// StorageCorrupted: damaged. FailedPrecondition: written by a newer version, which the message names.
    /// </exception>
    public async ValueTask<StoredRecord> ReadAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var header = HeaderCodec.Decode(entry.Header);
        var hash = SHA256.HashData(entry.Header);
        if (header.Seq != entry.Seq) throw Corrupted(header, "its seq is not its place");
        if (entry.Seal is null) return new StoredRecord(header, hash, ReadOnlyMemory<byte>.Empty, null);
        var payload = await OpenAsync(header, entry.Seal, cancellation);
        return new StoredRecord(header, hash, payload, Deserialize(header, payload.Span));
    }

    private async ValueTask<ReadOnlyMemory<byte>> OpenAsync(RecordHeader header, byte[] seal, CancellationToken cancellation)
    {
        if (seal.Length < SealForm.PrefixBytes) throw Corrupted(header, "its payload is cut off");
        if (seal[0] == SealForm.Inline)
        {
            Check(header, SHA256.HashData(seal.AsSpan(1)));
            return seal.AsMemory(SealForm.PrefixBytes);
        }

        if (seal[0] != SealForm.Artifact) throw Corrupted(header, "its payload has an unknown form");
        var name = Encoding.ASCII.GetString(seal.AsSpan(SealForm.PrefixBytes));
        var payload = await artifacts.GetAsync(header.Run.Tenant, name, cancellation);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(seal.AsSpan(1, SealForm.SaltBytes));
        sha.AppendData(payload);
        Check(header, sha.GetHashAndReset());
        return payload;
    }

    private static void Check(RecordHeader header, byte[] commitment)
    {
        if (!header.PayloadCommitment.AsSpan().SequenceEqual(commitment)) throw Corrupted(header, "its payload is not what was recorded");
    }

    private static RunRecord Deserialize(RecordHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.MinReader > RecordTypes.ReaderVersion || RecordTypes.Find(header.Alias) is not { } type)
        {
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition,
                $"run {header.Run}: record {header.Seq} ({header.Alias}) was written by a newer version; upgrade this silo to go on with it.");
        }

        try
        {
            return (RunRecord?)JsonSerializer.Deserialize(payload, type.Json) ?? throw Corrupted(header, "its payload is empty");
        }
        catch (JsonException)
        {
            throw Corrupted(header, "its payload cannot be read");
        }
    }

    private static AgentRuntimeException Corrupted(RecordHeader header, string what) =>
        new(ErrorCode.StorageCorrupted, $"run {header.Run}: record {header.Seq} ({header.Alias}): {what}; restore the data folder from a backup.");
}
