using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>
/// The tools of one tenant, for lists. Touched only when a tool is registered for the first time, never by a run. Key:
/// <see cref="ToolIndexGrainKey"/>.
/// </summary>
[Alias("agentruntime.tool.index")]
public interface IToolIndexGrain : IGrainWithStringKey
{
    /// <summary>
    /// Names a tool; naming it again changes nothing. Called before the tool is stored, so that no tool that exists is missing: a name in
    /// the list may belong to a tool that was never stored.
    /// </summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded at 10,000 tools.</exception>
    [Alias("add")]
    Task AddAsync(ToolId tool);

    /// <summary>At most <paramref name="limit"/> (1 to 1,000) tools in ordinal order after <paramref name="after"/>; null begins.</summary>
    [Alias("list")]
    Task<IReadOnlyList<ToolId>> ListAsync(string? after, int limit, CancellationToken cancellation = default);
}
