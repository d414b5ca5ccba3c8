using System.Collections.Concurrent;

namespace AgentRuntime.Silo.Tests.Embedded.Reminders;

/// <summary>A grain as a user of the product writes one.</summary>
[Alias("agentruntime.tests.clock")]
public interface IClockGrain : IGrainWithStringKey
{
    [Alias("wind")]
    Task WindAsync(TimeSpan due);

    [Alias("stop")]
    Task StopAsync();
}

internal sealed class ClockGrain : Grain, IClockGrain, IRemindable
{
    public static readonly ConcurrentDictionary<string, TaskCompletionSource> Rung = new();

    public Task WindAsync(TimeSpan due) => this.RegisterOrUpdateReminder("ring", due, TimeSpan.FromMinutes(1));

    public async Task StopAsync()
    {
        if (await this.GetReminder("ring") is { } reminder) await this.UnregisterReminder(reminder);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Rung.GetOrAdd(this.GetPrimaryKeyString(), _ => new()).TrySetResult();
        return Task.CompletedTask;
    }
}
