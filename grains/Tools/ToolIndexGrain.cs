using AgentRuntime.Common;

namespace AgentRuntime.Tools;

internal sealed class ToolIndexGrain([PersistentState("tools")] IPersistentState<ToolIndexState> state) : Grain, IToolIndexGrain
{
    public const int MaxTools = 10_000;
    public const int MaxPage = 1_000;

    public async Task AddAsync(ToolId tool)
    {
        var names = state.State.Tools;
        var at = names.BinarySearch(tool.Value, StringComparer.Ordinal);
        if (at >= 0)
            return;
        if (names.Count >= MaxTools)
            throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"tool {tool}: the tenant has {MaxTools} tools, the most there can be.");
        await state.CommitAsync(new ToolIndexState { Tools = [.. names.Take(~at), tool.Value, .. names.Skip(~at)] }, this);
    }

    public Task<IReadOnlyList<ToolId>> ListAsync(string? after, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > MaxPage)
            throw new InvalidInputException("limit", $"must be 1 to {MaxPage}, not {limit}.");
        var at = after is null ? -1 : state.State.Tools.BinarySearch(after, StringComparer.Ordinal);
        var from = at >= 0 ? at + 1 : ~at;
        return Task.FromResult<IReadOnlyList<ToolId>>([.. state.State.Tools.Skip(from).Take(limit).Select(name => ToolId.Parse(name))]);
    }
}
