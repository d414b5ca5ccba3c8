using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Agents;

namespace AgentRuntime.Silo.Tests.FrontDoor.Agents;

public sealed class AgentMappingTests
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    [Fact]
    public void ContextWindow_ThereAndBack_IsTheSame()
    {
        var context = new ContextWindow { LastTurns = 7, MaxMessageChars = 1_000, MaxTokens = 8_000, PinnedInputs = 3, SummaryTokens = 500 };
        var definition = new AgentDefinition("Help.", "rules", [], new RunLimits(), RiskLevel.Read, [], context);
        var version = new AgentVersion(AgentId.Parse("helper"), 1, new string('a', 64), definition, "anna", DateTimeOffset.UnixEpoch, Deleted: false);
        Assert.Equal(context, AgentMapping.FromWire(AgentMapping.ToWire(version, Tenant).Definition, Tenant).Context);
    }

    [Fact]
    public void ContextWindow_ThatIsAbsent_IsTheDefault() =>
        Assert.Equal(new ContextWindow(), AgentMapping.FromWire(new V1.AgentDefinition { RiskScope = V1.RiskLevel.Read }, Tenant).Context);
}
