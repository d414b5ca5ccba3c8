using System.Diagnostics;
using System.Security.Cryptography;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Benchmarks;

/// <summary>Appenders that write runs of one length one after another, each append durable before the next.</summary>
internal sealed class StoreWorkload(int runLength, int rowBytes)
{
    private const int HeaderBytes = 250;

    private static readonly DateTimeOffset Started = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenantId Tenant = TenantId.Parse("bench");
    private static readonly RowChange Close = new(RunStatus.Completed, OpenState.Closed, null, null, Started);

    private readonly byte[] _seal = RandomNumberGenerator.GetBytes(rowBytes - HeaderBytes);
    private readonly byte[] _header = RandomNumberGenerator.GetBytes(HeaderBytes);
    private int _runs;

    /// <summary>The latency of each append in microseconds.</summary>
    public async Task<List<double>> RunAsync(IRunJournal journal, int appenders, TimeSpan time, CancellationToken cancellation)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var latencies = await Task.WhenAll(
            Enumerable.Range(0, appenders).Select(_ => Task.Run(() => AppendAsync(journal, until, cancellation), cancellation)));
        return [.. latencies.SelectMany(list => list)];
    }

    private async Task<List<double>> AppendAsync(IRunJournal journal, long until, CancellationToken cancellation)
    {
        var latencies = new List<double>(1024);
        while (Stopwatch.GetTimestamp() < until && !cancellation.IsCancellationRequested)
        {
            var run = new RunKey(Tenant, RunId.Parse($"run-{Environment.ProcessId}-{Interlocked.Increment(ref _runs)}"));
            for (var seq = 0; seq < runLength; seq++)
            {
                var since = Stopwatch.GetTimestamp();
                if (await journal.AppendAsync(NewAppend(run, seq)) is not AppendResult.Appended)
                    throw new InvalidOperationException($"Append {seq} of {run} was refused.");
                latencies.Add(Stopwatch.GetElapsedTime(since).TotalMicroseconds);
            }
        }

        return latencies;
    }

    private JournalAppend NewAppend(RunKey run, int seq) => new(run, seq, [new JournalEntry(seq, _header, _seal)])
    {
        Start = seq == 0 ? new NewRun("bench-agent", "silo-1", Started, int.MaxValue) : null,
        Row = seq == runLength - 1 ? Close : null,
    };
}
