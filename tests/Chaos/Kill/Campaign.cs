using AgentRuntime.Chaos.Kill.Audit;
using AgentRuntime.Chaos.Kill.Host;

namespace AgentRuntime.Chaos.Kill;

/// <summary>One campaign from the first start to the verdict.</summary>
internal static class Campaign
{
    private static readonly TimeSpan MaxResume = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Nothing is appended for so long: what has not ended by then does not end.</summary>
    private static readonly TimeSpan MaxStandstill = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MaxRundown = TimeSpan.FromMinutes(3);

    public static async Task<KillReport> RunAsync(KillOptions options, CancellationToken cancellation)
    {
        await using var world = await World.StartAsync(options);
        var tail = world.Store.Tail;
        var load = new Load(world, options);
        var killer = new Killer(world, tail, load, options, TimeProvider.System);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            Task[] others = [load.RunAsync(stop.Token), new Person(world, options.Seed).RunAsync(stop.Token), TailAsync(tail, stop.Token)];
            await killer.RunAsync(stop.Token);
            await RunDownAsync(tail, options.Runs, stop.Token);
            await stop.CancelAsync();
            await Task.WhenAll(others);
        }

        foreach (var seat in world.Seats.Where(seat => !seat.IsDown)) await seat.KillAsync();
        await tail.LookAsync();
        var findings = await new JournalAudit(world, options, load).RunAsync();
        return Report(options, world, killer, findings);
    }

    private static async Task TailAsync(JournalTail tail, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await tail.LookAsync();
            await Task.Delay(Look, CancellationToken.None);
        }
    }

    private static async Task RunDownAsync(JournalTail tail, int runs, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var (until, moved, last) = (time.GetUtcNow() + MaxRundown, time.GetUtcNow(), -1L);
        while (tail.Progress is var (_, ended, records) && ended < runs && time.GetUtcNow() < until)
        {
            if (records != last) (moved, last) = (time.GetUtcNow(), records);
            else if (time.GetUtcNow() - moved > MaxStandstill) return;
            await Task.Delay(Look, stop);
        }
    }

    private static KillReport Report(KillOptions options, World world, Killer killer, Findings findings)
    {
        var tail = world.Store.Tail;
        var p99 = tail.Clock.Quantile(0.99);
        var broken = findings.Broken.ToList();
        if (p99 > MaxResume.TotalSeconds) broken.Add("resume_p99");
        if (killer.Undead > 0) broken.Add("undead_silo");
        return new KillReport
        {
            Silos = options.Silos,
            Store = options.Store,
            Seed = options.Seed,
            Plant = options.Plant,
            Kills = killer.Kills,
            Pauses = killer.Pauses,
            OldStarts = world.Seats.Sum(seat => seat.OldStarts),
            Interrupted = tail.Clock.Interrupted,
            PhaseHits = killer.Hits.ToDictionary(hit => Name(hit.Key), hit => hit.Value),
            Runs = options.Runs,
            Steps = findings.Steps,
            Effects = findings.Effects,
            EffectsExpected = findings.EffectsExpected,
            Lost = findings.Lost,
            Duplicated = findings.Duplicated,
            OkShare = Math.Round((double)findings.Completed / options.Runs, 4),
            ResumeP50 = Seconds(tail.Clock.Quantile(0.5)),
            ResumeP99 = Seconds(p99),
            Broken = broken,
        };
    }

    // JSON has no infinity; no run waits for a million seconds.
    private static double Seconds(double value) => double.IsInfinity(value) ? 1e6 : Math.Round(value, 2);

    private static string Name(Phase phase) => phase switch
    {
        Phase.BeforeAppend => "before_append",
        Phase.AfterAppend => "after_append_before_answer",
        Phase.InCall => "in_call",
        Phase.AfterEffect => "after_effect_before_record",
        _ => "in_start",
    };
}
