using AgentRuntime.Common;

namespace AgentRuntime.Agents;

internal sealed class AgentIndexGrain([PersistentState("agents")] IPersistentState<AgentIndexState> state) : Grain, IAgentIndexGrain
{
    public const int MaxAgents = 10_000;
    public const int MaxPage = 1_000;

    public async Task AddAsync(AgentId agent)
    {
        var names = state.State.Agents;
        var at = Find(names, agent.Value);
        if (at >= 0) return;
        if (names.Count >= MaxAgents)
            throw new AgentRuntimeException(
                ErrorCode.LimitExceeded, $"agent {agent}: the tenant has {MaxAgents} agents, the most there can be. Delete one first.");
        await state.CommitAsync(new AgentIndexState { Agents = [.. names.Take(~at), agent.Value, .. names.Skip(~at)] }, this);
    }

    public async Task RemoveAsync(AgentId agent)
    {
        var names = state.State.Agents;
        if (Find(names, agent.Value) < 0) return;
        await state.CommitAsync(new AgentIndexState { Agents = [.. names.Where(name => name != agent.Value)] }, this);
    }

    public Task<IReadOnlyList<AgentId>> ListAsync(string? after, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > MaxPage) throw new InvalidInputException("limit", $"must be 1 to {MaxPage}, not {limit}.");
        var at = after is null ? 0 : Find(state.State.Agents, after);
        var from = after is null ? 0 : at >= 0 ? at + 1 : ~at;
        return Task.FromResult<IReadOnlyList<AgentId>>([.. state.State.Agents.Skip(from).Take(limit).Select(name => AgentId.Parse(name))]);
    }

    // Position of the name, or the complement of where it belongs.
    private static int Find(IReadOnlyList<string> names, string name)
    {
        var (low, high) = (0, names.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(names[middle], name);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
