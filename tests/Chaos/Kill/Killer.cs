using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Chaos.Kill.Script;

namespace AgentRuntime.Chaos.Kill;

/// <summary>Carries out the plan. Between two strikes the interrupted runs get the time in which they must resume.</summary>
internal sealed class Killer(World world, JournalTail tail, Load load, KillOptions options, TimeProvider time)
{
    /// <summary>A little longer than the bound, so that a run which breaks it is seen to.</summary>
    private static readonly TimeSpan ResumePatience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan PhasePatience = TimeSpan.FromSeconds(2);

    /// <summary>After so many strikes without any run resumed in time the campaign ends: it will not get better.</summary>
    private const int MaxHopeless = 2;

    private readonly Dictionary<Phase, int> _hits = Enum.GetValues<Phase>().ToDictionary(phase => phase, _ => 0);
    private readonly FreezeStrike _freeze = new(world, options);
    private int _hopeless;

    public int Kills { get; private set; }

    public int Pauses { get; private set; }

    public IReadOnlyDictionary<Phase, int> Hits => _hits;

    /// <summary>Processes that went on although the cluster had declared them dead.</summary>
    public int Undead => _freeze.Undead;

    public async Task RunAsync(CancellationToken stop)
    {
        var plan = StrikePlan.Of(options).ToList();
        foreach (var strike in plan)
        {
            load.Release((int)Math.Ceiling((double)options.Runs * (strike.Number + 1) / plan.Count));
            await Task.Delay(TimeSpan.FromMilliseconds(150 + Dice.Roll(1200, options.Seed, strike.Number, 10)), stop);
            var before = tail.Clock.Interrupted;
            await CarryOutAsync(strike, stop);
            if (tail.Clock.Interrupted > before && strike.Kills > 0) await AwaitResumeAsync(stop);
            Say(strike);
            if (_hopeless >= MaxHopeless) return;
        }

        load.Release(options.Runs);
    }

    private async Task CarryOutAsync(Strike strike, CancellationToken stop)
    {
        var target = world.Any(Dice.Roll(60, options.Seed, strike.Number, 11))!;
        await AwaitPhaseAsync(target, strike, stop);
        switch (strike.Kind)
        {
            case StrikeKind.One:
                await KillAsync([target]);
                await target.StartAsync();
                break;
            case StrikeKind.DuringStart:
                await KillAsync([target]);
                target.Launch();
                await Task.Delay(TimeSpan.FromMilliseconds(100 + Dice.Roll(1400, options.Seed, strike.Number, 12)), stop);
                await KillAsync([target]);
                await target.StartAsync();
                break;
            case StrikeKind.All:
                var all = world.Serving;
                await KillAsync(all);
                await Task.WhenAll(all.Select(seat => seat.StartAsync()));
                break;
            case StrikeKind.LoneSurvivor:
                var killed = world.Serving;
                await KillAsync(killed);
                await target.StartAsync();
                await AwaitResumeAsync(stop);
                await Task.WhenAll(killed.Where(seat => seat != target).Select(seat => seat.StartAsync()));
                break;
            case StrikeKind.Freeze:
                Pauses++;
                await _freeze.CarryOutAsync(target, strike, stop);
                break;
            default:
                throw new InvalidOperationException($"No way to do {strike.Kind}.");
        }
    }

    private async Task KillAsync(IReadOnlyList<Seat> seats)
    {
        var at = time.GetUtcNow();
        var phases = await Task.WhenAll(seats.Select(seat => seat.KillAsync()));
        Kills++;
        foreach (var phase in phases.SelectMany(each => each).Distinct()) _hits[phase]++;
        var diedInStart = phases.All(each => each.Contains(Phase.InStart));
        if (diedInStart && world.Serving.Count == 0) tail.StartAnew(at);
        await tail.StruckAsync([.. seats.Select(seat => seat.SiloPort)], at);
    }

    /// <summary>Waits for the phase that this strike would like to hit; what was hit in truth is read after the death.</summary>
    private async Task AwaitPhaseAsync(Seat target, Strike strike, CancellationToken stop)
    {
        var wanted = (Phase)(strike.Number % (int)Phase.InStart);
        var until = time.GetUtcNow() + PhasePatience;
        while (time.GetUtcNow() < until && !target.Phases().Contains(wanted)) await Task.Delay(1, stop);
    }

    private async Task AwaitResumeAsync(CancellationToken stop)
    {
        var until = time.GetUtcNow() + ResumePatience;
        while (tail.Progress.Waiting > 0)
        {
            if (time.GetUtcNow() > until)
            {
                _hopeless++;
                return;
            }

            await Task.Delay(50, stop);
        }

        _hopeless = 0;
    }

    private void Say(Strike strike)
    {
        var (waiting, ended, records) = tail.Progress;
        Console.Error.WriteLine(
            $"{time.GetUtcNow():HH:mm:ss} {strike.Kind} {Kills}/{options.Kills}: {tail.Clock.Interrupted} interrupted so far, {waiting} not resumed, slowest {tail.Clock.TakeSlowest():0.0} s, {ended} ended, {records} records");
    }
}
