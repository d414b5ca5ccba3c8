using System.Globalization;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill;

/// <summary>
/// Reads the journal from outside, as it grows. The connection is opened anew for each look: one that stays would keep the store from
/// being recovered as it is after the death of all its processes.
/// </summary>
internal sealed class JournalTail(string file)
{
    private const int MaxTries = 200;

    private readonly Lock _gate = new();
    private readonly ResumeClock _clock = new();
    private readonly Dictionary<(string Run, long Seq), string> _seen = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private long _last;

    /// <summary>Every record that was seen, by what its header commits to.</summary>
    public IReadOnlyDictionary<(string Run, long Seq), string> Seen => _seen;

    public ResumeClock Clock => _clock;

    public (int Waiting, int Ended, long Records) Progress
    {
        get
        {
            lock (_gate) return (_clock.Waiting, _ended.Count, _last);
        }
    }

    /// <summary>Looks what is new.</summary>
    public void Look()
    {
        lock (_gate) TryRead(connection => ReadNew(connection));
    }

    /// <summary>Notes which runs were in flight on the silos that were killed at <paramref name="at"/>, and returns how many.</summary>
    public async Task<int> StruckAsync(IReadOnlyCollection<int> siloPorts, DateTimeOffset at)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var interrupted = new List<string>();
            lock (_gate)
            {
                var isRead = TryRead(connection =>
                {
                    ReadNew(connection);
                    foreach (var port in siloPorts) interrupted.AddRange(InFlight(connection, port));
                });
                if (isRead)
                {
                    _clock.Struck(interrupted, at);
                    return interrupted.Count;
                }
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("The journal could not be read after a kill.");
    }

    public void StartAnew(DateTimeOffset at)
    {
        lock (_gate) _clock.StartAnew(at);
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
            var header = HeaderCodec.Decode(statement.BlobSpan(1));
            var run = header.Run.Run.Value;
            _seen[(run, header.Seq)] = Convert.ToHexStringLower(header.PayloadCommitment);
            _clock.Appended(run, header.Time);
            if (header.Alias is "run.completed" or "run.failed" or "run.cancelled") _ended.Add(run);
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
