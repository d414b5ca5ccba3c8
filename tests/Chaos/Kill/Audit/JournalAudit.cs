using AgentRuntime.Artifacts;
using AgentRuntime.Chaos.Kill.Effects;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Kill.Audit;

/// <summary>Holds the journal against what was acknowledged, what was seen, what the scripts say, and what the recorder wrote down.</summary>
internal sealed class JournalAudit(World world, KillOptions options, Load load)
{
    private readonly Findings _findings = new();

    public async Task<Findings> RunAsync()
    {
        await using var stored = world.Store.Open();
        var runs = new Dictionary<int, RunJournalView>();
        for (var number = 1; number <= options.Runs; number++)
        {
            var script = RunScript.Create(number, options.Seed);
            if (await ReadAsync(stored.Journal, stored.Artifacts, script) is { } view)
            {
                runs[number] = view;
                new RunAudit(script, view, _findings).Run();
            }

            CheckEnd(script, runs.GetValueOrDefault(number));
        }

        CheckRecords(runs);
        new EffectAudit(runs, EffectFile.Read(world.EffectsPath), _findings).Run();
        return _findings;
    }

    private static async Task<RunJournalView?> ReadAsync(IRunJournal journal, IArtifactStore artifacts, RunScript script)
    {
        var key = ChaosCast.KeyOf(script);
        if (await journal.LoadAsync(key, CancellationToken.None) is not { } loaded) return null;
        var entries = await journal.ReadAsync(key, 0, int.MaxValue, int.MaxValue, CancellationToken.None);
        var reader = new EntryReader(artifacts);
        var records = new List<RunRecord>();
        foreach (var entry in entries) records.Add((await reader.ReadAsync(entry, CancellationToken.None)).Record!);
        return new RunJournalView(loaded.Row, entries, records);
    }

    /// <summary>An acknowledged start must have come to its end.</summary>
    private void CheckEnd(RunScript script, RunJournalView? view)
    {
        if (view?.Records.OfType<RunCompleted>().Any() == true) _findings.Completed++;
        if (!load.Acknowledged.TryGetValue(script.Run, out var acknowledged)) return;
        if (view is null) _findings.AddLost("lost_run", $"run {script.Run} ({acknowledged.Run}) was acknowledged and is not there");
        else if (view.Entries[^1].Seq < acknowledged.LastSeq) _findings.AddLost("lost_record", $"run {script.Run} is shorter than was acknowledged");
        else if (view.Records[^1] is not RunCompleted)
            _findings.AddLost("lost_run", $"run {script.Run} ({acknowledged.Run}) did not complete: {view.Row.Status}, {view.Row.State}, owner {view.Row.Owner}, last {view.Records[^1]}");
    }

    /// <summary>What a silo was told is written, and what an onlooker saw, must be there.</summary>
    private void CheckRecords(Dictionary<int, RunJournalView> runs)
    {
        var stored = runs.Values
            .SelectMany(view => view.Entries.Select(entry => ((view.Row.Key.Run.Value, entry.Seq), Convert.ToHexStringLower(HeaderCodec.Decode(entry.Header).PayloadCommitment))))
            .ToDictionary(record => record.Item1, record => record.Item2);
        foreach (var ((run, seq), commitment) in world.Store.Tail.Seen)
        {
            if (stored.GetValueOrDefault((run, seq)) != commitment) _findings.AddLost("lost_record", $"record {seq} of run {run} was seen and is not there");
        }

        foreach (var file in world.Seats.Select(seat => seat.AckFile).Where(File.Exists))
        {
            foreach (var (run, seq, commitment) in AckFile.Read(file))
            {
                if (stored.GetValueOrDefault((run, seq)) != commitment) _findings.AddLost("lost_record", $"record {seq} of run {run} was acknowledged and is not there");
            }
        }
    }
}
