using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentRuntime.Artifacts;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Journal;

/// <summary>Turns records into entries: JSON, salt, commitment, header, chain. Payloads beyond the inline limit go to the artifact store first.</summary>
internal sealed class EntryWriter(IArtifactStore artifacts)
{
    /// <summary>Bytes of a payload that stay in the journal's row.</summary>
    public const int MaxInlineBytes = 64 * 1024;

    /// <summary>Encodes one record and moves <paramref name="previousHash"/> on to its header's hash.</summary>
    /// <param name="fields">What the header says.</param>
    /// <param name="record">The record.</param>
    /// <param name="previousHash">The hash of the header before it.</param>
    /// <param name="dataClasses">The classes of data that the run's agent handles; null for none.</param>
    public ValueTask<JournalEntry> WriteAsync(HeaderFields fields, RunRecord record, byte[] previousHash, IReadOnlyList<string>? dataClasses = null)
    {
        var type = RecordTypes.For(record);
        fields = fields with { Alias = type.Alias, RecordVersion = type.Version, MinReader = type.MinReader };
        var payload = JsonScratch.Write((record, type), static (json, it) => JsonSerializer.Serialize(json, it.record, it.type.Json));
        if (payload.Length > MaxInlineBytes) return WriteLargeAsync(fields, payload.ToArray(), previousHash, dataClasses ?? []);
        var seal = NewSeal(SealForm.Inline, payload);
        return ValueTask.FromResult(Finish(fields, seal, payload.Length, seal.AsSpan(1), previousHash));
    }

    private async ValueTask<JournalEntry> WriteLargeAsync(HeaderFields fields, byte[] payload, byte[] previousHash, IReadOnlyList<string> dataClasses)
    {
        // The artifact is durable before any record refers to it.
        var name = await artifacts.PutAsync(fields.Run.Tenant, payload, dataClasses, CancellationToken.None);
        var seal = NewSeal(SealForm.Artifact, Encoding.ASCII.GetBytes(name));
        var committed = new byte[SealForm.SaltBytes + payload.Length];
        seal.AsSpan(1, SealForm.SaltBytes).CopyTo(committed);
        payload.CopyTo(committed.AsSpan(SealForm.SaltBytes));
        return Finish(fields, seal, payload.Length, committed, previousHash);
    }

    private static JournalEntry Finish(
        HeaderFields fields, byte[] seal, int payloadLength, ReadOnlySpan<byte> committed, byte[] previousHash)
    {
        Span<byte> commitment = stackalloc byte[HeaderCodec.HashBytes];
        SHA256.HashData(committed, commitment);
        var header = HeaderCodec.Encode(fields with { PayloadLength = payloadLength }, previousHash, commitment);
        SHA256.HashData(header, previousHash);
        return new JournalEntry(fields.Seq, header, seal);
    }

    private static byte[] NewSeal(byte form, ReadOnlySpan<byte> content)
    {
        var seal = GC.AllocateUninitializedArray<byte>(SealForm.PrefixBytes + content.Length);
        seal[0] = form;
        Salts.Take(seal.AsSpan(1, SealForm.SaltBytes));
        content.CopyTo(seal.AsSpan(SealForm.PrefixBytes));
        return seal;
    }
}
