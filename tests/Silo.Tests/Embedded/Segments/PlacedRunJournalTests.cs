using AgentRuntime.Embedded.Segments;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Segments;

public sealed class PlacedRunJournalTests : RunJournalConformance, IAsyncDisposable
{
    private readonly SegmentFolder _folder = new();

    private protected override IRunJournal Journal => new PlacedRunJournal(_folder.Stores);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
