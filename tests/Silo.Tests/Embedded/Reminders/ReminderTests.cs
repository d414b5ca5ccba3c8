using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Reminders;

/// <summary>Reminders of a user's own grain on a silo as the product hosts it.</summary>
public sealed class ReminderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reminder_SiloEndsBeforeItIsDue_RingsOnTheNextOne()
    {
        const string Grain = "kitchen";
        var rung = ClockGrain.Rung.GetOrAdd(Grain, _ => new());
        var first = await RunSilo.StartAsync(_folder.Path, new RunScripts());
        await first.Grains.GetGrain<IClockGrain>(Grain).WindAsync(TimeSpan.FromSeconds(8));
        await first.AbortAsync();
        Assert.False(rung.Task.IsCompleted, "It rang too early to show anything.");

        await using var second = await RunSilo.StartAsync(_folder.Path, new RunScripts());
        // Started too late for the first time, it rings a minute later.
        await rung.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        await second.Grains.GetGrain<IClockGrain>(Grain).StopAsync();
        Assert.Empty((await second.Get<IReminderTable>().ReadRows(0, 0, TestContext.Current.CancellationToken)).Reminders);
    }
}
