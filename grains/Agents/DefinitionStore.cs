using Orleans.Storage;

namespace AgentRuntime.Agents;

/// <summary>The definitions of one agent, one stored state each, so that neither an apply nor a look-up costs more with many versions.</summary>
internal sealed class DefinitionStore(IGrainStorage storage, GrainId agent)
{
    public async Task<AgentDefinition?> ReadAsync(int version, CancellationToken cancellation)
    {
        var state = Empty();
        await storage.ReadStateAsync(Name(version), agent, state).WaitAsync(cancellation);
        return state.State?.Definition;
    }

    public async Task WriteAsync(int version, AgentDefinition definition)
    {
        // Read first: an apply that died before the version was counted may have left one here.
        var state = Empty();
        await storage.ReadStateAsync(Name(version), agent, state);
        state.State = new StoredDefinition { Definition = definition };
        await storage.WriteStateAsync(Name(version), agent, state);
    }

    private static GrainState<StoredDefinition> Empty() => new(new StoredDefinition());

    private static string Name(int version) => $"agent-version-{version}";
}
