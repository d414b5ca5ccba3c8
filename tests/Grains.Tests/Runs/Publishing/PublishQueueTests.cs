using System.Diagnostics.Metrics;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

public sealed class PublishQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PublishQueue _queue;

    public PublishQueueTests() => _queue = new PublishQueue(_time, new EventInstruments(_services.GetRequiredService<IMeterFactory>()));

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Add_MoreThanThereIsRoomFor_NotesTheRunAndWaitsForNobody()
    {
        for (var number = 0; number <= PublishQueue.MaxAppends; number++) _queue.Add(Start($"run-{number}"));
        Assert.Empty(_queue.TakeBehind(10));
        _time.Advance(PublishQueue.CheckAfter);
        Assert.Equal(new RunMark(Key($"run-{PublishQueue.MaxAppends}"), 0), Assert.Single(_queue.TakeBehind(10)));
        Assert.Empty(_queue.TakeBehind(10));
        Assert.Equal(PublishQueue.MaxAppends, _queue.Appends.Count);
    }

    [Fact]
    public void Add_OfARunThatIsNotKnown_NotesIt()
    {
        _queue.Add(new JournalAppend(Key("run"), 5, [new JournalEntry(5, [], null), new JournalEntry(6, [], null)]));
        _time.Advance(PublishQueue.CheckAfter);
        Assert.Equal(6, Assert.Single(_queue.TakeBehind(10)).LastSeq);
    }

    [Fact]
    public void AddBehind_Again_KeepsTheNewestSeqAndTheFirstTime()
    {
        _queue.AddBehind(Key("run"), 9);
        _time.Advance(PublishQueue.CheckAfter);
        _queue.AddBehind(Key("run"), 4);
        Assert.Equal(9, Assert.Single(_queue.TakeBehind(10)).LastSeq);
    }

    [Fact]
    public void AddBehind_SoonerThanItWasNoted_IsDueThen()
    {
        _queue.AddBehind(Key("run"), 4, _time.GetUtcNow() + TimeSpan.FromMinutes(1));
        _queue.AddBehind(Key("run"), 9);
        _time.Advance(PublishQueue.CheckAfter);
        Assert.Equal(9, Assert.Single(_queue.TakeBehind(10)).LastSeq);
    }

    private static JournalAppend Start(string run) => new(Key(run), 0, [new JournalEntry(0, [], null)]) { Start = new NewRun("agent", "silo", DateTimeOffset.UnixEpoch, 1) };

    private static RunKey Key(string run) => new(TenantId.Parse("acme"), RunId.Parse(run));
}
