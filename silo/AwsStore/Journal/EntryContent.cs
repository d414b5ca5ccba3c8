using AgentRuntime.AwsStore.Items;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>The records of an item, in the form that costs the fewest write units: as they are while they fit, and else without what can be told from the rest.</summary>
internal static class EntryContent
{
    /// <summary>Follows the forms of <see cref="Packed"/>.</summary>
    private const byte Compact = 2;

    /// <summary>Encodes entries for an item that has <paramref name="others"/> bytes besides.</summary>
    public static byte[] Encode(RunKey run, IReadOnlyList<JournalEntry> entries, int others)
    {
        var packed = Packed.Pack(EntryBytes.Encode(entries, 0, entries.Count), others);
        if (Packed.WriteUnits(packed.Length + others) == 1) return packed;
        byte[] compact = [Compact, .. CompactEntries.Encode(run, entries)];
        return Packed.WriteUnits(compact.Length + others) < Packed.WriteUnits(packed.Length + others) ? compact : packed;
    }

    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static List<JournalEntry> Decode(RunKey run, ReadOnlySpan<byte> content, long firstSeq, int count) =>
        content is [Compact, ..]
            ? CompactEntries.Decode(run, content[1..], firstSeq, count)
            : EntryBytes.Decode(Packed.Unpack(content, AppendSize.MaxBytes * 2), firstSeq, count);
}
