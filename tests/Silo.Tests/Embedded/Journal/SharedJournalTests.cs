using System.Diagnostics;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

/// <summary>Two stores on one folder, as two silo processes have them.</summary>
public sealed class SharedJournalTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly JournalFolder _first = new();
    private readonly JournalDatabase _second;

    public SharedJournalTests() => _second = JournalDatabase.Open(_first.Path);

    private SqliteRunJournal Second => new(_second);

    [Fact]
    public async Task AppendAsync_FromBothForEachSeq_ExactlyOneWins()
    {
        var run = JournalSamples.NewRun();
        await _first.Journal.AppendAsync(JournalSamples.Start(run));

        for (var seq = 1; seq <= 50; seq++)
        {
            var results = await Task.WhenAll(
                _first.Journal.AppendAsync(JournalSamples.Next(run, seq)).AsTask(), Second.AppendAsync(JournalSamples.Next(run, seq)).AsTask());

            Assert.Single(results, result => result is AppendResult.Appended);
            Assert.Single(results, result => result is AppendResult.Fenced);
        }

        Assert.Equal(51, (await Second.LoadAsync(run, TestContext.Current.CancellationToken))!.Entries.Count);
    }

    [Fact]
    public async Task AppendAsync_WhatTheOtherWrote_IsSeenAndContinued()
    {
        var run = JournalSamples.NewRun();
        await _first.Journal.AppendAsync(JournalSamples.Start(run));

        Assert.IsType<AppendResult.Appended>(await Second.AppendAsync(JournalSamples.Next(run, 1)));
        Assert.IsType<AppendResult.Fenced>(await _first.Journal.AppendAsync(JournalSamples.Next(run, 1)));
        Assert.IsType<AppendResult.Appended>(await _first.Journal.AppendAsync(JournalSamples.Next(run, 2)));
    }

    [Fact]
    public async Task AppendAsync_OpenRunLimit_HoldsOverBoth()
    {
        var runs = Enumerable.Range(0, 40).Select(_ => JournalSamples.NewRun("limited")).ToArray();

        var results = await Task.WhenAll(runs.Select((run, i) =>
            (i % 2 == 0 ? _first.Journal : Second).AppendAsync(JournalSamples.Start(run, maxOpenRuns: 15)).AsTask()));

        Assert.Equal(15, results.Count(result => result is AppendResult.Appended));
    }

    [Fact]
    public async Task AppendAsync_OtherCommitsWithoutPause_IsNotStarved()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Deadline);
        var busy = Enumerable.Range(0, 16).Select(_ => Task.Run(() => AppendUntilAsync(_first.Journal, stop.Token), stop.Token)).ToArray();

        var run = JournalSamples.NewRun();
        var worst = TimeSpan.Zero;
        await Second.AppendAsync(JournalSamples.Start(run));
        for (var seq = 1; seq <= 100; seq++)
        {
            var since = Stopwatch.GetTimestamp();
            Assert.IsType<AppendResult.Appended>(await Second.AppendAsync(JournalSamples.Next(run, seq)));
            var took = Stopwatch.GetElapsedTime(since);
            worst = took > worst ? took : worst;
        }

        Assert.False(stop.IsCancellationRequested, "100 appends beside a busy store took over a minute.");
        await stop.CancelAsync();
        var appended = await Task.WhenAll(busy);
        TestContext.Current.SendDiagnosticMessage($"worst append {worst.TotalMilliseconds:F1} ms beside {appended.Sum()} others");
        Assert.True(worst < TimeSpan.FromSeconds(2), $"The worst append took {worst}.");
        Assert.True(appended.Sum() > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    private static async Task<int> AppendUntilAsync(IRunJournal journal, CancellationToken stop)
    {
        var run = JournalSamples.NewRun();
        await journal.AppendAsync(JournalSamples.Start(run));
        var seq = 1;
        for (; !stop.IsCancellationRequested; seq++)
            Assert.IsType<AppendResult.Appended>(await journal.AppendAsync(JournalSamples.Next(run, seq)));
        return seq;
    }
}
