using Orleans.Storage;

namespace AgentRuntime.Common;

/// <summary>States of a grain whose names are not known beforehand, each read and written by itself.</summary>
internal sealed class NamedStates(IGrainStorage storage, GrainId grain)
{
    /// <summary>The state of a name, or a new one.</summary>
    public async Task<StoredState<T>> ReadAsync<T>(string name)
        where T : new()
    {
        var state = new GrainState<T>(new T());
        await storage.ReadStateAsync(name, grain, state);
        return new StoredState<T>(state.State ?? new T(), state.ETag);
    }

    /// <summary>Writes what follows a state, if that is still the stored one.</summary>
    /// <exception cref="InconsistentStateException">It is not.</exception>
    public async Task<StoredState<T>> WriteAsync<T>(string name, string? etag, T next)
    {
        var state = new GrainState<T>(next, etag) { RecordExists = etag is not null };
        await storage.WriteStateAsync(name, grain, state);
        return new StoredState<T>(next, state.ETag);
    }
}

/// <summary>A state as it is stored.</summary>
/// <param name="Value">What nobody changes.</param>
/// <param name="Etag">Of the store; null where nothing is stored.</param>
internal sealed record StoredState<T>(T Value, string? Etag);
