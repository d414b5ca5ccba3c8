using System.Text;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Runs that write small and large records, erase and end, while every system call is recorded. Says what it was told is durable.</summary>
internal sealed class Workload(string folder, string acknowledgements, int appends, int seed, bool lateArtifacts) : IDisposable
{
    public static readonly byte[] RootKey = new byte[ArtifactNames.KeyBytes];

    private const int Appenders = 4;
    private const int RecordsPerRun = 12;
    private const int LargeEvery = 7;
    private const int EraseEvery = 5;

    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FileStream _acknowledged = new(acknowledgements, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly Lock _lock = new();

    /// <summary>Two sessions, so that opening an old store and closing one are recorded as well.</summary>
    public async Task RunAsync()
    {
        for (var session = 0; session < 2; session++)
        {
            await using var database = JournalDatabase.Open(folder);
            using var files = new FileArtifactStore(folder, RootKey);
            IArtifactStore artifacts = new AcknowledgingArtifacts(files, Acknowledge);
            await using var late = lateArtifacts ? new LateArtifacts(artifacts, RootKey) : null;
            var journal = new SqliteRunJournal(database);
            var writer = new EntryWriter(late ?? artifacts);
            var first = session * Appenders;
            await Task.WhenAll(Enumerable.Range(first, Appenders).Select(appender =>
                Task.Run(() => AppendAsync(journal, writer, appender, appends / Appenders / 2))));
        }
    }

    public void Dispose() => _acknowledged.Dispose();

    private async Task AppendAsync(SqliteRunJournal journal, EntryWriter writer, int appender, int count)
    {
        var random = new Random(seed + appender);
        for (var done = 0; done < count; done += RecordsPerRun)
        {
            var run = new RunKey(TenantId.Parse($"tenant-{appender % 2}"), RunId.Parse($"run-{appender}-{done}"));
            var previous = new byte[HeaderCodec.HashBytes];
            for (var seq = 0; seq < RecordsPerRun; seq++)
            {
                var text = TextOf(random, seq % LargeEvery == LargeEvery - 1 ? EntryWriter.MaxInlineBytes + 1000 : random.Next(10, 2000));
                var entry = await writer.WriteAsync(
                    new HeaderFields(run, seq, "", 0, 0, Time, "powerloss", default, 0), new InputReceived($"request-{seq}", "powerloss", text), previous);
                await AppendAsync(journal, run, entry, previous);
                if (seq == EraseEvery && await journal.EraseAsync(run, seq - 1))
                    Acknowledge(Acknowledgements.Erasure(run, seq - 1));
            }
        }
    }

    private async Task AppendAsync(SqliteRunJournal journal, RunKey run, JournalEntry entry, byte[] head)
    {
        var result = await journal.AppendAsync(new JournalAppend(run, entry.Seq, [entry])
        {
            Start = entry.Seq == 0 ? new NewRun("powerloss", "silo-1", Time, int.MaxValue) : null,
            Row = entry.Seq == RecordsPerRun - 1 ? new RowChange(RunStatus.Completed, OpenState.Closed, null, null, Time, [.. head]) : null,
        });
        if (result is not AppendResult.Appended)
            throw new InvalidOperationException($"Record {entry.Seq} of {run} was refused: {result}.");

        Acknowledge(Acknowledgements.Record(run, entry));
    }

    private void Acknowledge(string line)
    {
        lock (_lock)
            _acknowledged.Write(Encoding.ASCII.GetBytes(line));
    }

    private static string TextOf(Random random, int length)
    {
        var bytes = new byte[length / 2];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
