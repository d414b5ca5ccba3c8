using System.Globalization;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Stores;

/// <summary>
/// The journals in a data folder, read in the order in which they were written. The connection is opened anew for each look: one that stays would keep
/// the store from being recovered as it is after the death of all its processes.
/// </summary>
internal sealed class FolderTail(string file) : JournalTail
{
    private const int MaxTries = 200;

    private long _last;

    public override Task LookAsync()
    {
        lock (Gate) TryRead(ReadNew);
        return Task.CompletedTask;
    }

    public override async Task StruckAsync(IReadOnlyCollection<int> siloPorts, DateTimeOffset at)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var interrupted = new List<string>();
            lock (Gate)
            {
                var isRead = TryRead(connection =>
                {
                    ReadNew(connection);
                    foreach (var port in siloPorts) interrupted.AddRange(InFlight(connection, port));
                });
                if (isRead)
                {
                    NoteStruck(interrupted, at);
                    return;
                }
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("The journal could not be read after a kill.");
    }

    private bool TryRead(Action<RawConnection> read)
    {
        if (!File.Exists(file)) return false;
        try
        {
            using var connection = RawConnection.Open(file, readOnly: true);
            connection.Execute("PRAGMA busy_timeout = 100; BEGIN");
            read(connection);
            connection.Execute("COMMIT");
            return true;
        }
        catch (RawFailure)
        {
            return false;
        }
    }

    private void ReadNew(RawConnection connection)
    {
        using var statement = connection.Get("SELECT record_no, header FROM records WHERE record_no > ? ORDER BY record_no").Bind(1, _last);
        while (statement.Step())
        {
            Note(HeaderCodec.Decode(statement.BlobSpan(1)));
            _last = statement.Number(0);
        }
    }

    // Runnable: a run that waits for a person or a timer is not in flight.
    private static List<string> InFlight(RawConnection connection, int siloPort)
    {
        var runs = new List<string>();
        using var statement = connection.Get("SELECT run FROM runs WHERE state = 1 AND owner LIKE ?")
            .Bind(1, string.Create(CultureInfo.InvariantCulture, $"%:{siloPort}@%"));
        while (statement.Step()) runs.Add(statement.Text(0));
        return runs;
    }
}
