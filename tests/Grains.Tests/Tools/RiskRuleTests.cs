using AgentRuntime.Common;
using AgentRuntime.Tools;

namespace AgentRuntime.Grains.Tests.Tools;

public sealed class RiskRuleTests
{
    private static readonly ScriptedInvoker Never = new((_, _) => throw new InvalidOperationException("A decision calls nothing."));

    [Theory]
    [InlineData(RiskLevel.Read, 0)]
    [InlineData(RiskLevel.Write, 0)]
    [InlineData(RiskLevel.WriteHigh, 1)]
    [InlineData(RiskLevel.Critical, 2)]
    public void Decide_PublishedAndCleared_PeopleFollowTheRisk(RiskLevel risk, int people)
    {
        var verdict = Decide(ToolSamples.Version(ToolSamples.Contract(risk)));

        Assert.Equal(people, verdict is ToolVerdict.RequireApproval approval ? approval.People : verdict is ToolVerdict.Allow ? 0 : -1);
    }

    [Fact]
    public void Decide_Draft_Denies()
    {
        var deny = Assert.IsType<ToolVerdict.Deny>(Decide(ToolSamples.Version(ToolSamples.Contract(), publishedBy: null)));

        Assert.Contains("refund", deny.Reason);
        Assert.Contains("draft", deny.Reason);
    }

    [Fact]
    public void Decide_Blocked_DeniesWithReason()
    {
        var deny = Assert.IsType<ToolVerdict.Deny>(Decide(ToolSamples.Version(ToolSamples.Contract(), blocked: "leaks orders")));

        Assert.Contains("leaks orders", deny.Reason);
    }

    [Fact]
    public void Decide_RiskAboveScope_DeniesNamingBoth()
    {
        var tool = ToolSamples.Prepare(ToolSamples.Version(ToolSamples.Contract(RiskLevel.WriteHigh)), Never);

        var verdict = ToolGateway.Decide(ToolSamples.Agent(RiskLevel.Write, "customer"), tool, ToolSamples.Json("""{"order":"o-1"}"""));

        var deny = Assert.IsType<ToolVerdict.Deny>(verdict);
        Assert.Contains("write-high", deny.Reason);
        Assert.Contains("scope write.", deny.Reason);
    }

    [Fact]
    public void Decide_ClassNotCleared_DeniesNamingBoth()
    {
        var tool = ToolSamples.Prepare(ToolSamples.Version(ToolSamples.Contract()), Never);

        var verdict = ToolGateway.Decide(ToolSamples.Agent(RiskLevel.Critical, "customer", "health"), tool, ToolSamples.Json("""{"order":"o-1"}"""));

        var deny = Assert.IsType<ToolVerdict.Deny>(verdict);
        Assert.Contains("'health'", deny.Reason);
        Assert.Contains("'refund'", deny.Reason);
    }

    [Theory]
    [InlineData("""[]""", "JSON object")]
    [InlineData("""{}""", "'order' is missing")]
    [InlineData("""{"order":7}""", "/order: must be string, is number")]
    [InlineData("""{"order":"o-1","cents":1.5}""", "/cents: must be integer")]
    [InlineData("""{"order":"o-1","all":true}""", "/all: is not a known member")]
    public void Decide_ArgumentsOutsideSchema_SaysWhereAndWhat(string arguments, string expected)
    {
        var bad = Assert.IsType<ToolVerdict.BadArguments>(Decide(ToolSamples.Version(ToolSamples.Contract(RiskLevel.Critical)), arguments));

        Assert.Contains(expected, bad.Message);
    }

    private static ToolVerdict Decide(ToolVersion version, string arguments = """{"order":"o-1"}""") =>
        ToolGateway.Decide(ToolSamples.Agent(RiskLevel.Critical, "customer"), ToolSamples.Prepare(version, Never), ToolSamples.Json(arguments));
}
