using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Grains.Tests.Runs.Journal;

/// <summary>
/// Bytes that were written once and must be read for ever. The file is one run: a line for each record, with alias, header and salt in hex, and
/// payload. Lines are added for a new type or version; a line that is there never changes.
/// </summary>
public sealed class RecordBytesTests
{
    private static readonly IReadOnlyList<Line> Lines = [.. Read()];

    public static TheoryData<string> Aliases => [.. RecordTypes.All.Select(type => type.Alias)];

    [Theory]
    [MemberData(nameof(Aliases))]
    public async Task ReadAsync_CheckedInBytes_GiveARecordThatIsWrittenAsTheSameBytes(string alias)
    {
        var lines = Lines.Where(line => line.Alias == alias).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var stored = await new EntryReader(null!).ReadAsync(line.Entry, CancellationToken.None);
            var type = RecordTypes.For(stored.Record!);
            Assert.Equal(alias, type.Alias);
            Assert.Equal(line.Payload, Encoding.UTF8.GetString(JsonScratch.Write(stored.Record!, (json, record) => JsonSerializer.Serialize(json, record, type.Json))));

            var header = stored.Header;
            Assert.Equal(alias, header.Alias);
            var fields = new HeaderFields(
                header.Run, header.Seq, header.Alias, header.RecordVersion, header.MinReader, header.Time, header.Actor, header.TraceId, header.PayloadLength);
            Assert.Equal(Convert.ToHexStringLower(line.Entry.Header), Convert.ToHexStringLower(HeaderCodec.Encode(fields, header.PreviousHash, header.PayloadCommitment)));
        }
    }

    [Theory]
    [MemberData(nameof(Aliases))]
    public void NewestVersion_OfEachType_IsInTheFileWithAllItsFields(string alias)
    {
        var newest = RecordTypes.Find(alias)!.Version;
        var line = Assert.Single(Lines, line => line.Alias == alias && HeaderCodec.Decode(line.Entry.Header).RecordVersion == newest);
        using var payload = JsonDocument.Parse(line.Payload);
        var missing = RecordTypes.Find(alias)!.Json.Properties.Select(property => property.Name).Where(name => !payload.RootElement.TryGetProperty(name, out _));
        Assert.Empty(missing);
    }

    [Fact]
    public void Chain_OfTheFile_Holds()
    {
        var run = HeaderCodec.Decode(Lines[0].Entry.Header).Run;
        Assert.Null(RunChain.FindFault(run, Lines.Select(line => line.Entry), SHA256.HashData(Lines[^1].Entry.Header)));
    }

    private static IEnumerable<Line> Read()
    {
        using var stream = typeof(RecordBytesTests).Assembly.GetManifestResourceStream(typeof(RecordBytesTests), "records.txt")!;
        using var reader = new StreamReader(stream);
        for (long seq = 0; reader.ReadLine() is { } text; seq++)
        {
            var parts = text.Split(' ', 4);
            var payload = Encoding.UTF8.GetBytes(parts[3]);
            byte[] seal = [SealForm.Inline, .. Convert.FromHexString(parts[2]), .. payload];
            yield return new Line(parts[0], new JournalEntry(seq, Convert.FromHexString(parts[1]), seal), parts[3]);
        }
    }

    private sealed record Line(string Alias, JournalEntry Entry, string Payload);
}
