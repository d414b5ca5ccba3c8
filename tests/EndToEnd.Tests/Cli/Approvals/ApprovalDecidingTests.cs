extern alias cli;
extern alias client;

using cli::AgentRuntime.Cli.Approvals;
using client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Cli.Approvals;

public sealed class ApprovalDecidingTests
{
    [Theory]
    [InlineData(5, 10, 10, false)]
    [InlineData(5, 9, 9, true)]
    [InlineData(1, 2, 2, false)]
    [InlineData(1, 9, 2, false)]
    public async Task Waiting_OverManyPages_FindsAllThatMayBeDecidedUnseen(int pages, int most, int found, bool areMore)
    {
        var asked = new List<string>();
        var (names, more) = await ApprovalDeciding.WaitingAsync(most, token =>
        {
            asked.Add(token);
            return Task.FromResult(Page(asked.Count, isLast: asked.Count == pages));
        });
        Assert.Equal((found, areMore), (names.Count, more));
        Assert.Equal(Enumerable.Range(0, pages).Select(page => page == 0 ? "" : $"{page}"), asked);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.StartsWith("call", name, StringComparison.Ordinal));
    }

    private static ListApprovalsResponse Page(int number, bool isLast) => new()
    {
        Approvals =
        {
            new Approval { Name = $"critical{number}", Kind = ApprovalKind.Call, Risk = RiskLevel.Critical },
            new Approval { Name = $"call{number}a", Kind = ApprovalKind.Call, Risk = RiskLevel.Write },
            new Approval { Name = $"outcome{number}", Kind = ApprovalKind.Resolve, Risk = RiskLevel.Write },
            new Approval { Name = $"call{number}b", Kind = ApprovalKind.Call, Risk = RiskLevel.WriteHigh },
        },
        NextPageToken = isLast ? "" : $"{number}",
    };
}
