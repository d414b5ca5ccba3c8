using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;

namespace AgentRuntime.Contracts.Tests.Runs;

public sealed class GrainKeyTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    [Fact]
    public void Parse_OfFor_GivesThePartsBack()
    {
        Assert.Equal((Acme, RunId.Parse("r-1")), AgentRunGrainKey.Parse(AgentRunGrainKey.For(Acme, RunId.Parse("r-1"))));
        Assert.Equal((Acme, AgentId.Parse("a-1")), AgentGrainKey.Parse(AgentGrainKey.For(Acme, AgentId.Parse("a-1"))));
        Assert.Equal((Acme, ToolId.Parse("t-1")), ToolGrainKey.Parse(ToolGrainKey.For(Acme, ToolId.Parse("t-1"))));
        Assert.Equal(Acme, TenantGrainKey.Parse(TenantGrainKey.For(Acme)));
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("acme/")]
    [InlineData("/r")]
    [InlineData("acme/r/x")]
    [InlineData("Acme/r")]
    [InlineData("acme/../r")]
    public void Parse_Malformed_IsRefused(string key)
    {
        Assert.Throws<InvalidInputException>(() => AgentRunGrainKey.Parse(key));
        Assert.Throws<InvalidInputException>(() => AgentGrainKey.Parse(key));
        Assert.Throws<InvalidInputException>(() => ToolGrainKey.Parse(key));
    }
}
