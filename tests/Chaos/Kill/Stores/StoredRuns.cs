using AgentRuntime.Artifacts;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Stores;

/// <summary>The journals and artifacts of a campaign, read as the product reads them.</summary>
internal sealed class StoredRuns(IRunJournal journal, IArtifactStore artifacts, Func<ValueTask> close) : IAsyncDisposable
{
    public IRunJournal Journal => journal;

    public IArtifactStore Artifacts => artifacts;

    public ValueTask DisposeAsync() => close();
}
