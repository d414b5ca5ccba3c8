using Orleans.Storage;

namespace AgentRuntime.Tools.Contracts;

/// <summary>The contracts of one tool by their hash, one stored state each.</summary>
internal sealed class ContractStore(IGrainStorage storage, GrainId tool)
{
    public async Task<ToolContract?> ReadAsync(string hash, CancellationToken cancellation)
    {
        var state = Empty();
        await storage.ReadStateAsync(Name(hash), tool, state).WaitAsync(cancellation);
        return state.State?.Contract;
    }

    public async Task WriteAsync(string hash, ToolContract contract)
    {
        // Read first: a registration that died before the version was counted may have left it here.
        var state = Empty();
        await storage.ReadStateAsync(Name(hash), tool, state);
        state.State = new StoredContract { Contract = contract };
        await storage.WriteStateAsync(Name(hash), tool, state);
    }

    private static GrainState<StoredContract> Empty() => new(new StoredContract());

    private static string Name(string hash) => $"tool-contract-{hash}";
}
