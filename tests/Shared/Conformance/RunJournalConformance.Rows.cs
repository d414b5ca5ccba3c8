using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What it must do with the row of a run.</summary>
public abstract partial class RunJournalConformance
{
    [Fact]
    public async Task AppendAsync_RowChange_ReplacesTheChangingPart()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run));

        await Journal.AppendAsync(Next(run, 1, Waiting(Now.AddHours(1))));
        var waiting = (await LoadAsync(run)).Row;
        await Journal.AppendAsync(Next(run, 2, Closed() with { HeadHash = [7, 7] }));
        var closed = (await LoadAsync(run)).Row;

        Assert.Equal((RunStatus.WaitingForApproval, OpenState.Waiting, Now.AddHours(1), null), (waiting.Status, waiting.State, waiting.WakeAt, waiting.Owner));
        Assert.Equal((RunStatus.Completed, OpenState.Closed, null, Now), (closed.Status, closed.State, closed.WakeAt, closed.EndedAt));
        Assert.Equal([7, 7], closed.HeadHash);
    }

    [Fact]
    public async Task AppendAsync_StartThatIsClosed_CountsAsNoOpenRun()
    {
        const string tenant = "other";
        var dead = NewRun(tenant);

        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(Start(dead, row: Closed(RunStatus.Cancelled), maxOpenRuns: 1)));

        Assert.Equal((RunStatus.Cancelled, OpenState.Closed), ((await LoadAsync(dead)).Row.Status, (await LoadAsync(dead)).Row.State));
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(Start(NewRun(tenant), maxOpenRuns: 1)));
    }

    [Fact]
    public virtual async Task AppendAsync_OpenRunLimitUnderConcurrency_IsExact()
    {
        const string tenant = "other";
        var runs = Enumerable.Range(0, 50).Select(_ => NewRun(tenant)).ToArray();

        var results = await Task.WhenAll(runs.Select(run => Journal.AppendAsync(Start(run, maxOpenRuns: 20)).AsTask()));

        Assert.Equal(20, results.Count(result => result is AppendResult.Appended));
        Assert.All(results.OfType<AppendResult.TooManyOpenRuns>(), refused => Assert.Equal(20, refused.Open));
        var started = runs[Array.FindIndex(results, result => result is AppendResult.Appended)];
        var refusedRun = runs[Array.FindIndex(results, result => result is AppendResult.TooManyOpenRuns)];
        Assert.Null(await Journal.LoadAsync(refusedRun, TestContext.Current.CancellationToken));

        await Journal.AppendAsync(Next(started, 1, Closed()));
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(Start(refusedRun, maxOpenRuns: 20)));
        Assert.IsType<AppendResult.TooManyOpenRuns>(await Journal.AppendAsync(Start(NewRun(tenant), maxOpenRuns: 20)));
    }

    [Fact]
    public async Task TryChangeRowAsync_OnlyFromTheExpectedOwnerOfAnOpenRun()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run, owner: "dead"));

        Assert.False(await Journal.TryChangeRowAsync(run, "other", OwnedBy("me")));
        Assert.False(await Journal.TryChangeRowAsync(run, null, OwnedBy("me")));
        Assert.True(await Journal.TryChangeRowAsync(run, "dead", OwnedBy("me")));
        Assert.False(await Journal.TryChangeRowAsync(run, "dead", OwnedBy("you")));
        Assert.Equal("me", (await LoadAsync(run)).Row.Owner);
        Assert.True(await Journal.TryChangeRowAsync(run, "me", Waiting(Now)));
        Assert.Equal((OpenState.Waiting, Now, null), ((await LoadAsync(run)).Row.State, (await LoadAsync(run)).Row.WakeAt, (await LoadAsync(run)).Row.Owner));
        Assert.True(await Journal.TryChangeRowAsync(run, null, OwnedBy("you")));

        await Journal.AppendAsync(Next(run, 1, Closed()));
        Assert.False(await Journal.TryChangeRowAsync(run, null, OwnedBy("me")));
        Assert.False(await Journal.TryChangeRowAsync(NewRun(), null, OwnedBy("me")));
    }

    [Fact]
    public async Task TryChangeRowAsync_Closing_IsFinal()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run, records: 3));

        Assert.True(await Journal.TryChangeRowAsync(run, "silo-1", Closed(RunStatus.Failed) with { HeadHash = [7, 7] }));

        var row = (await LoadAsync(run)).Row;
        Assert.Equal((RunStatus.Failed, OpenState.Closed, null, Now), (row.Status, row.State, row.Owner, row.EndedAt));
        Assert.Equal([7, 7], row.HeadHash);
        Assert.False(await Journal.TryChangeRowAsync(run, null, OwnedBy("me")));
    }

    [Fact]
    public virtual async Task TryChangeRowAsync_Closing_CountsTheRunNoMore()
    {
        const string tenant = "other";
        var run = NewRun(tenant);
        await Journal.AppendAsync(Start(run, maxOpenRuns: 1));
        Assert.True(await Journal.TryChangeRowAsync(run, "silo-1", Closed(RunStatus.Failed)));
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(Start(NewRun(tenant), maxOpenRuns: 1)));
        Assert.IsType<AppendResult.TooManyOpenRuns>(await Journal.AppendAsync(Start(NewRun(tenant), maxOpenRuns: 1)));
    }

    [Fact]
    public async Task TryChangeRowAsync_TwoAtOnce_OneWins()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run, owner: "dead"));

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Journal.TryChangeRowAsync(run, "dead", OwnedBy($"silo-{i}")).AsTask()));

        var winner = Assert.Single(Enumerable.Range(0, 8), i => won[i]);
        Assert.Equal($"silo-{winner}", (await LoadAsync(run)).Row.Owner);
    }
}
