using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Runs;
using AgentRuntime.Runs;

namespace AgentRuntime.Silo.Tests.FrontDoor.Runs;

public sealed class RunListingTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly DateTimeOffset March = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_Filter_BecomesWhatTheCatalogFindsByItsIndexes()
    {
        var query = Read("agent = payer AND state = WAITING_FOR_APPROVAL AND start_time >= 2026-03-01 AND start_time < 2026-03-02 AND start_time > 2026-02-01", "start_time asc");
        Assert.Equal(("payer", RunStatus.WaitingForApproval, true), (query.Agent, query.Status, query.IsOldestFirst));
        Assert.Equal((March, March.AddDays(1)), (query.From, query.Before));
    }

    [Theory]
    [InlineData("start_time > 2026-03-01", 1, null)]
    [InlineData("start_time >= 2026-03-01", 0, null)]
    [InlineData("start_time < 2026-03-01", null, 0)]
    [InlineData("start_time <= 2026-03-01", null, 1)]
    public void Read_Time_IsExactToTheTick(string filter, int? from, int? before)
    {
        var query = Read(filter, "");
        Assert.Equal((from, before), ((int?)(query.From - March)?.Ticks, (int?)(query.Before - March)?.Ticks));
    }

    [Theory]
    [InlineData("output = x")]
    [InlineData("agent != payer")]
    [InlineData("agent = Payer")]
    [InlineData("agent = \"tenants/other/agents/payer\"")]
    [InlineData("agent = a AND agent = b")]
    [InlineData("state = UNSPECIFIED")]
    [InlineData("start_time = 2026-03-01")]
    public void Read_FilterThatThereIsNot_NamesTheFilter(string filter) =>
        Assert.Equal("filter", Assert.Throws<InvalidInputException>(() => Read(filter, "")).Field);

    [Theory]
    [InlineData("agent")]
    [InlineData("start_time up")]
    [InlineData("start_time desc, agent")]
    public void Read_OrderThatThereIsNot_NamesTheOrder(string orderBy) =>
        Assert.Equal("order_by", Assert.Throws<InvalidInputException>(() => Read("", orderBy)).Field);

    [Fact]
    public void Read_TokenOfAnotherFilterOrOrder_IsRefused()
    {
        var token = RunListing.Next(Read("agent = payer", ""), Acme, 17);
        Assert.Equal(17, RunListing.Read(Request("agent = payer", "", token), Acme).After);
        Assert.Equal(17, RunListing.Read(Request("agent = \"tenants/acme/agents/payer\"", "start_time desc", token), Acme).After);
        foreach (var (filter, orderBy) in new[] { ("agent = other", ""), ("", ""), ("agent = payer", "start_time asc"), ("agent = payer AND start_time > 2026-03-01", "") })
            Assert.Equal("page_token", Assert.Throws<InvalidInputException>(() => RunListing.Read(Request(filter, orderBy, token), Acme)).Field);
    }

    private static AgentRuntime.Runs.Index.RunQuery Read(string filter, string orderBy) => RunListing.Read(Request(filter, orderBy, ""), Acme);

    private static V1.ListRunsRequest Request(string filter, string orderBy, string token) =>
        new() { Parent = "tenants/acme", Filter = filter, OrderBy = orderBy, PageToken = token };
}
