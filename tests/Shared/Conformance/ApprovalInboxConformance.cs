using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every approvals inbox must do, on a store of its own.</summary>
public abstract class ApprovalInboxConformance
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly TenantId Other = TenantId.Parse("other");

    private protected abstract IRunJournal Journal { get; }

    private protected abstract IApprovalInbox Inbox { get; }

    [Fact]
    public async Task GetAsync_GivesWhatWasAppendedWhole()
    {
        var run = NewRun();
        var approval = Approval("first", run);
        await PutAsync(run, 0, approval);

        var read = await Inbox.GetAsync(Acme, approval.Approval, TestContext.Current.CancellationToken);

        Assert.NotNull(read);
        Assert.Equal(JsonSerializer.Serialize(approval), JsonSerializer.Serialize(read));
        Assert.Equal(approval.Approval, read.Approval);
    }

    [Fact]
    public async Task GetAsync_AnotherTenants_IsNull()
    {
        var run = NewRun();
        await PutAsync(run, 0, Approval("first", run));

        Assert.Null(await Inbox.GetAsync(Other, ApprovalId.Parse("first"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ListAsync_PagesOldestFirstAndFiltersByState()
    {
        var run = NewRun();
        for (var seq = 0; seq < 5; seq++)
            await PutAsync(run, seq, Approval($"approval-{seq}", run));
        await PutAsync(run, 5, Approval("approval-1", run, ApprovalState.Approved));
        await PutAsync(NewRun("other"), 0, Approval("foreign", run));

        Assert.Equal(["approval-0", "approval-1", "approval-2", "approval-3", "approval-4"], await ListAsync(null, pageSize: 2));
        Assert.Equal(["approval-0", "approval-2", "approval-3", "approval-4"], await ListAsync(ApprovalState.Pending, pageSize: 3));
        Assert.Equal(["approval-1"], await ListAsync(ApprovalState.Approved, pageSize: 1));
        Assert.Empty(await ListAsync(ApprovalState.Expired, pageSize: 1));
    }

    [Fact]
    public async Task CountWaitingAsync_CountsThoseOfAllTenantsThatNobodyHasDecided()
    {
        Assert.Equal(0, await Inbox.CountWaitingAsync(TestContext.Current.CancellationToken));
        var run = NewRun();
        for (var seq = 0; seq < 3; seq++)
            await PutAsync(run, seq, Approval($"approval-{seq}", run));
        await PutAsync(run, 3, Approval("approval-1", run, ApprovalState.Denied));
        await PutAsync(NewRun("other"), 0, Approval("foreign", run));

        Assert.Equal(3, await Inbox.CountWaitingAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ListAsync_ForeignPageToken_IsRefusedByName()
    {
        var failure = await Assert.ThrowsAsync<InvalidInputException>(
            () => Inbox.ListAsync(Acme, null, "1; DROP TABLE", 10, TestContext.Current.CancellationToken));

        Assert.Equal("page_token", failure.Field);
    }

    [Fact]
    public async Task GetVersionAsync_GrowsWithEachChangeOfTheTenantAlone()
    {
        var run = NewRun();
        var empty = await VersionAsync(Acme);
        await PutAsync(run, 0, Approval("first", run));
        var one = await VersionAsync(Acme);
        await Journal.AppendAsync(Next(run, 1));
        var same = await VersionAsync(Acme);
        await PutAsync(run, 2, Approval("first", run, ApprovalState.Denied));

        Assert.True(one > empty);
        Assert.Equal(one, same);
        Assert.True(await VersionAsync(Acme) > one);
        Assert.Equal(empty, await VersionAsync(Other));
    }

    [Fact]
    public async Task GetVersionAsync_FencedAppend_DoesNotGrow()
    {
        var run = NewRun();
        await Journal.AppendAsync(Start(run));
        await Journal.AppendAsync(Next(run, 1));

        Assert.IsType<AppendResult.Fenced>(await Journal.AppendAsync(Next(run, 1) with { Inbox = [Approval("lost", run)] }));

        Assert.Equal(0, await VersionAsync(Acme));
        Assert.Null(await Inbox.GetAsync(Acme, ApprovalId.Parse("lost"), TestContext.Current.CancellationToken));
    }

    private Task<long> VersionAsync(TenantId tenant) => Inbox.GetVersionAsync(tenant, TestContext.Current.CancellationToken);

    private async Task PutAsync(RunKey run, long seq, ApprovalView approval)
    {
        var append = (seq == 0 ? Start(run) : Next(run, seq)) with { Inbox = [approval] };
        Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(append));
    }

    private async Task<List<string>> ListAsync(ApprovalState? state, int pageSize)
    {
        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = await Inbox.ListAsync(Acme, state, after, pageSize, TestContext.Current.CancellationToken);
            Assert.True(page.Approvals.Count <= pageSize);
            seen.AddRange(page.Approvals.Select(approval => approval.Approval.Value));
            if (page.Next is null)
                return seen;

            after = page.Next;
        }
    }
}
