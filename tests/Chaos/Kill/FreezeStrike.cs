using AgentRuntime.Chaos.Kill.Script;

namespace AgentRuntime.Chaos.Kill;

/// <summary>
/// SIGSTOP until the others have declared the process dead and taken its runs over, then SIGCONT: it must find itself dead, and nothing that
/// it still tries may count. A lone silo is replaced while it is frozen.
/// </summary>
internal sealed class FreezeStrike(World world, KillOptions options)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(15);

    public int Undead { get; private set; }

    public async Task CarryOutAsync(Seat target, Strike strike, CancellationToken stop)
    {
        target.Freeze();
        var replacement = options.Silos == 1 ? world.Seats.First(seat => seat != target) : null;
        if (replacement is not null) await replacement.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(6) + TimeSpan.FromMilliseconds(Dice.Roll(2000, options.Seed, strike.Number, 13)), stop);
        target.Thaw();
        if (!await target.EndsAsync(EndPatience))
        {
            // It may have held a lock without which nobody could declare it dead; then it goes on as what it was.
            if (!await world.Store.IsDeclaredDeadAsync(target.SiloPort)) return;
            Undead++;
            await target.KillAsync();
        }

        if (replacement is null) await target.StartAsync();
    }
}
