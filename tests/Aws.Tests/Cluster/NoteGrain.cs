using System.Collections.Concurrent;
using Orleans.Providers;

namespace AgentRuntime.Aws.Tests.Cluster;

/// <summary>A grain as a user of the library writes one: state, and a reminder.</summary>
[Alias("agentruntime.aws.tests.note")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string text);

    [Alias("read")]
    Task<string?> ReadAsync();

    [Alias("clear")]
    Task ClearAsync();

    [Alias("wind")]
    Task WindAsync(TimeSpan due);

    [Alias("stop")]
    Task StopAsync();

    [Alias("where")]
    Task<SiloAddress> WhereAsync();
}

/// <summary>What a note keeps.</summary>
[GenerateSerializer, Alias("agentruntime.aws.tests.note-state")]
public sealed class Note
{
    /// <summary>The text.</summary>
    [Id(0)]
    public string? Text { get; set; }
}

internal sealed class NoteGrain(
    [PersistentState("note", ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IPersistentState<Note> note, ILocalSiloDetails silo) : Grain, INoteGrain, IRemindable
{
    public static readonly ConcurrentDictionary<string, TaskCompletionSource> Rung = new();

    public Task WriteAsync(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task<string?> ReadAsync() => Task.FromResult(note.RecordExists ? note.State.Text : null);

    public Task ClearAsync() => note.ClearStateAsync();

    public Task WindAsync(TimeSpan due) => this.RegisterOrUpdateReminder("ring", due, TimeSpan.FromMinutes(1));

    public async Task StopAsync()
    {
        if (await this.GetReminder("ring") is { } reminder) await this.UnregisterReminder(reminder);
    }

    public Task<SiloAddress> WhereAsync() => Task.FromResult(silo.SiloAddress);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Rung.GetOrAdd(this.GetPrimaryKeyString(), static _ => new()).TrySetResult();
        return Task.CompletedTask;
    }
}
