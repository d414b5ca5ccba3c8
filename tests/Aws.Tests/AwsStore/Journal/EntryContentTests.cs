using System.Diagnostics;
using System.Security.Cryptography;
using AgentRuntime.Artifacts;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using CsCheck;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

public sealed class EntryContentTests
{
    private const int KeyBytes = 60;

    // A result, a reply in the same append, and a record that was erased.
    private const string FirstForm =
        "AqIBAwIBAZypRQoAaDZg1Hm4z8EMf/S/HDyB9jeRl7UzE+qNt8Nz3l/DAoi4b/bWiokW9ju/CTRTe8KU5iRCIvy/A+/gV7kcMUg4QJ9zBnq0iTjOYuNveeM//QhRi65rDQ9GBwEBAZypRQoAtgB3LVZlECwFc99+" +
        "UKAdjC4JDp/0RWPraLg2Zj7hIP/h5XDlKBmdYujee/RiCydT9eh9+g0PYAgoKLUv/WAGAG0DAEQEYmVuY2gtM3tcImZvdW5kXH0ifTRydcO8MDIwfbPBx1RBREo+J9pgKOsj0YtvBZ/VCJI4B03HOLNjLWuu0fnL" +
        "D2xJlTIOADWLCM1O0LURG5cGfWIh0ypcRm2H9oykHS4LN4A8MXxwrYV5AQg=";

    private static readonly RunKey Run = new(TenantId.Parse("bench"), RunId.Parse("5xnsawxd73jvrday3kuxrpxs36"));

    [Fact]
    public async Task Encode_ResultOfAKilobyteOfBase64_TakesOneWriteUnit()
    {
        var entries = await WriteAsync(traced: true, new ToolReturned(3, 0, 1, ToolOutcomeKind.Success, $"\"{Base64(768)}\""));

        var content = EntryContent.Encode(Run, entries, KeyBytes);

        Assert.Equal(1, Packed.WriteUnits(content.Length + KeyBytes));
        Assert.True(Packed.WriteUnits(Packed.Pack(EntryBytes.Encode(entries, 0, 1), KeyBytes).Length + KeyBytes) > 1);
        AssertSame(entries, EntryContent.Decode(Run, content, 5, 1));
    }

    [Fact]
    public Task Encode_Anything_IsReadBack() => Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3000], Gen.Bool, Gen.Enum<Damage>(), Gen.Int[0, 3]).SampleAsync(async (count, bytes, traced, damage, at) =>
    {
        var records = Enumerable.Range(0, count).Select(i => i % 2 == 0
            ? (RunRecord)new ToolReturned(i, 0, 1, ToolOutcomeKind.Success, Base64(bytes))
            : new ModelReplied(i, 1, "rules", "ü", [], 10, 20)).ToArray();
        var entries = await WriteAsync(traced, records);
        at %= count;
        entries[at] = damage switch
        {
            Damage.Erased => entries[at] with { Seal = null },
            Damage.Empty => entries[at] with { Seal = [] },
            Damage.OtherHeader => entries[at] with { Header = RandomNumberGenerator.GetBytes(200) },
            Damage.OtherPayload => entries[at] with { Seal = [SealForm.Inline, .. RandomNumberGenerator.GetBytes(100)] },
            Damage.Artifact => entries[at] with { Seal = [SealForm.Artifact, .. RandomNumberGenerator.GetBytes(96)] },
            _ => entries[at],
        };

        AssertSame(entries, EntryContent.Decode(Run, EntryContent.Encode(Run, entries, KeyBytes), 5, count));
    }, iter: 500);

    [Fact]
    public async Task Decode_AChangedByte_IsNeverTakenForTheRecord()
    {
        var entries = await WriteAsync(traced: true, new ToolReturned(3, 0, 1, ToolOutcomeKind.Success, Base64(1500)), new ToolReturned(4, 0, 1, ToolOutcomeKind.Success, "{}"));
        var content = EntryContent.Encode(Run, entries, KeyBytes);
        for (var at = 0; at < content.Length; at++)
        {
            var changed = content.ToArray();
            changed[at] ^= 0x10;
            try
            {
                AssertSame(entries, EntryContent.Decode(Run, changed, 5, 2));
            }
            catch (InvalidDataException)
            {
            }
            catch (AgentRuntimeException)
            {
            }
        }
    }

    [Fact]
    public void Decode_BytesOfTheFirstCompactForm_AreReadForGood()
    {
        var entries = EntryContent.Decode(Run, Convert.FromBase64String(FirstForm), 5, 3);

        Assert.Equal([false, false, true], entries.Select(entry => entry.Seal is null));
        Assert.Equal(
            "1972998b8c6d10a777283dde770d2376a87f786eff2594694ad7b9254701b1dc",
            Convert.ToHexStringLower(SHA256.HashData([.. entries.SelectMany(entry => entry.Header.Concat(entry.Seal ?? []))])));
    }

    [Fact]
    public void Dictionary_IsTheOneThatRecordsWereWrittenWith() =>
        Assert.Equal("4943aa5a7af3a9b866bb2beeb7d548f50e7b82cfea573a15cef648566f374bfc", Convert.ToHexStringLower(SHA256.HashData(RecordTexts.Dictionary)));

    private static async Task<List<JournalEntry>> WriteAsync(bool traced, params RunRecord[] records)
    {
        var writer = new EntryWriter(new NoArtifacts());
        var hash = RandomNumberGenerator.GetBytes(32);
        var entries = new List<JournalEntry>();
        foreach (var record in records)
        {
            var fields = new HeaderFields(Run, 5 + entries.Count, "", 0, 0, Now, "tool:bench-tool", traced ? ActivityTraceId.CreateRandom() : default, 0);
            entries.Add(await writer.WriteAsync(fields, record, hash));
        }

        return entries;
    }

    private static string Base64(int bytes) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));

    private static void AssertSame(IReadOnlyList<JournalEntry> expected, IReadOnlyList<JournalEntry> actual) => Assert.Equal(
        expected.Select(entry => (entry.Seq, Convert.ToHexString(entry.Header), entry.Seal is null ? null : Convert.ToHexString(entry.Seal))),
        actual.Select(entry => (entry.Seq, Convert.ToHexString(entry.Header), entry.Seal is null ? null : Convert.ToHexString(entry.Seal))));

    private enum Damage
    {
        None,
        Erased,
        Empty,
        OtherHeader,
        OtherPayload,
        Artifact,
    }

    private sealed class NoArtifacts : IArtifactStore
    {
        public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
