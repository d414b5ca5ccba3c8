using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Grains.Tests.Agents;

public class AgentClearanceTests
{
    private static readonly AgentId Agent = AgentId.Parse("triage");
    private static readonly ToolClearance Cleared =
        new("read-ticket", new string('a', 64), RiskLevel.Write, ["internal", "support", "other"], IsPublished: true, BlockedReason: null);

    [Fact]
    public void RefuseTool_ClearedForAll_IsNull() =>
        Assert.Null(AgentClearance.RefuseTool(Agent, AgentDefinitionHashTests.Sample, Cleared));

    [Fact]
    public void RefuseTool_ClassMissing_NamesAgentClassAndTool()
    {
        var refusal = AgentClearance.RefuseTool(Agent, AgentDefinitionHashTests.Sample, Cleared with { DataClasses = ["internal"] });

        Assert.StartsWith("agent triage: tool read-ticket is not cleared for data class support.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseTool_Draft_Refused() => Assert.Contains(
        "is a draft", AgentClearance.RefuseTool(Agent, AgentDefinitionHashTests.Sample, Cleared with { IsPublished = false }), StringComparison.Ordinal);

    [Fact]
    public void RefuseTool_Blocked_NamesTheReason() => Assert.Contains(
        "blocked (leaks)", AgentClearance.RefuseTool(Agent, AgentDefinitionHashTests.Sample, Cleared with { BlockedReason = "leaks" }), StringComparison.Ordinal);

    [Fact]
    public void RefuseTool_RiskAboveScope_NamesBoth() => Assert.Contains(
        "risk level write-high, above the agent's risk scope write",
        AgentClearance.RefuseTool(Agent, AgentDefinitionHashTests.Sample, Cleared with { Risk = RiskLevel.WriteHigh }),
        StringComparison.Ordinal);

    [Fact]
    public void RefuseModel_ClassMissing_NamesAgentClassAndModel() => Assert.StartsWith(
        "agent triage: model rules is not cleared for data class internal.",
        AgentClearance.RefuseModel(Agent, AgentDefinitionHashTests.Sample, new ModelClearance("rules", [])),
        StringComparison.Ordinal);
}
