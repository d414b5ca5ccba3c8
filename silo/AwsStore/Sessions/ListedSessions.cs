using AgentRuntime.Runs.Sessions;
using Orleans.Storage;

namespace AgentRuntime.AwsStore.Sessions;

/// <summary>Grain storage that lists a session before its state is first written, so that none is ever missing from the list.</summary>
internal sealed class ListedSessions(IGrainStorage inner, SessionIndex index) : IGrainStorage
{
    private const string StateName = "session";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (stateName == StateName && !grainState.RecordExists)
        {
            var (tenant, session) = SessionGrainKey.Parse(grainId.Key.ToString()!);
            await index.AddAsync(tenant, session);
        }

        await inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
