using AgentRuntime.Common;
using Orleans.Storage;

namespace AgentRuntime.AwsStore.Requests;

/// <summary>Grain storage that fails as the other stores do: a run whose definition cannot be read for now waits for it, and a caller is told to try again.</summary>
internal sealed class GrainStates(IGrainStorage inner, string table) : IGrainStorage
{
    private string Store => $"The store of states (DynamoDB table {table})";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        DoAsync(() => inner.ReadStateAsync(stateName, grainId, grainState, cancellationToken), cancellationToken);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        DoAsync(() => inner.WriteStateAsync(stateName, grainId, grainState, cancellationToken), cancellationToken);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        DoAsync(() => inner.ClearStateAsync(stateName, grainId, grainState, cancellationToken), cancellationToken);

    // Orleans still asks for these forms.
    Task IGrainStorage.ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ReadStateAsync(stateName, grainId, grainState, default);

    Task IGrainStorage.WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => WriteStateAsync(stateName, grainId, grainState, default);

    Task IGrainStorage.ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ClearStateAsync(stateName, grainId, grainState, default);

    /// <exception cref="AgentRuntimeException">Unavailable or StorageCorrupted.</exception>
    private Task<bool> DoAsync(Func<Task> ask, CancellationToken cancellation) => StoreFailures.ReadingAsync(Store, async () =>
    {
        await ask();
        return true;
    }, cancellation);
}
