using System.Security.Cryptography;

namespace AgentRuntime.Runs.Journal;

/// <summary>Verifies a run's chain of headers. Needs no payload, so it still holds after erasure.</summary>
internal static class RunChain
{
    /// <summary>The first fault in <paramref name="entries"/>, which begin at seq 0; null when the chain holds.</summary>
    /// <param name="run">Whose they are.</param>
    /// <param name="entries">All records of the run.</param>
    /// <param name="headHash">What the run's row holds of a terminal run's last header; null for a run that is open, whose newest header nothing vouches for yet.</param>
    public static string? FindFault(RunKey run, IEnumerable<JournalEntry> entries, byte[]? headHash)
    {
        var previous = new byte[HeaderCodec.HashBytes];
        long seq = 0;
        foreach (var entry in entries)
        {
            RecordHeader header;
            try
            {
                header = HeaderCodec.Decode(entry.Header);
            }
            catch (Common.AgentRuntimeException)
            {
                return $"record {seq}: its header is damaged";
            }

            if (entry.Seq != seq || header.Seq != seq) return $"record {seq} is missing";
            if (header.Run != run) return $"record {seq} belongs to another run";
            if (!header.PreviousHash.AsSpan().SequenceEqual(previous)) return $"record {seq}: the header before it was changed";
            if (entry.Seal is { } seal && FindPayloadFault(header, seal) is { } fault) return fault;
            SHA256.HashData(entry.Header, previous);
            seq++;
        }

        return headHash is null || headHash.AsSpan().SequenceEqual(previous) ? null : $"record {seq - 1} is not the last one, or its header was changed";
    }

    private static string? FindPayloadFault(RecordHeader header, byte[] seal)
    {
        if (seal.Length < SealForm.PrefixBytes) return $"record {header.Seq}: its payload is cut off";
        if (seal[0] != SealForm.Inline) return null;
        return header.PayloadCommitment.AsSpan().SequenceEqual(SHA256.HashData(seal.AsSpan(1)))
            ? null
            : $"record {header.Seq}: its payload was changed";
    }
}
