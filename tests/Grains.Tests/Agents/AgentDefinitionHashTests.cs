using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Grains.Tests.Agents;

public class AgentDefinitionHashTests
{
    internal static readonly AgentDefinition Sample = new(
        "Label the ticket. <b>ü</b>",
        "rules",
        [new AgentTool("read-ticket", new string('a', 64)), new AgentTool("search-help", new string('b', 64))],
        new RunLimits(),
        RiskLevel.Write,
        ["internal", "support"],
        new ContextWindow());

    [Fact]
    public void Compute_Sample_MatchesTheHashOfTheFirstRelease() =>
        Assert.Equal("b817a27ee872fe50f07a258fb1279670dcf988c13aa5c1f31f044d7be0f27548", AgentDefinitionHash.Compute(Sample));

    [Fact]
    public void Compute_AnyPartChanged_GivesAnotherHash()
    {
        AgentDefinition[] changed =
        [
            Sample with { Instructions = "Label the ticket." },
            Sample with { Model = "other" },
            Sample with { Tools = [Sample.Tools[0]] },
            Sample with { Tools = [Sample.Tools[0] with { ContractHash = new string('c', 64) }, Sample.Tools[1]] },
            Sample with { RiskScope = RiskLevel.Critical },
            Sample with { DataClasses = ["internal"] },
            Sample with { Context = new ContextWindow { LastTurns = 21 } },
            Sample with { Context = new ContextWindow { MaxMessageChars = 1_000 } },
            Sample with { Context = new ContextWindow { MaxTokens = 2_000 } },
            Sample with { Context = new ContextWindow { PinnedInputs = 1 } },
            Sample with { Context = new ContextWindow { SummaryTokens = 100 } },
            Sample with { Limits = new RunLimits { MaxSteps = 1 } },
            Sample with { Limits = new RunLimits { MaxWallSeconds = 1 } },
            Sample with { Limits = new RunLimits { MaxTokens = 1 } },
            Sample with { Limits = new RunLimits { MaxToolCalls = 1 } },
            Sample with { Limits = new RunLimits { MaxFanOut = 1 } },
            Sample with { Limits = new RunLimits { MaxPayloadBytes = 2_000 } },
            Sample with { Limits = new RunLimits { MaxAttemptsPerCall = 1 } },
            Sample with { Limits = new RunLimits { MaxRetriesPerRun = 1 } },
            Sample with { Limits = new RunLimits { ModelTimeoutSeconds = 1 } },
            Sample with { Limits = new RunLimits { ApprovalSeconds = 1 } },
        ];

        Assert.Equal(changed.Length + 1, changed.Append(Sample).Select(AgentDefinitionHash.Compute).Distinct().Count());
    }

    [Fact]
    public void Normalise_OrderOfNames_MakesNoDifference()
    {
        var turned = Sample with { Tools = [Sample.Tools[1], Sample.Tools[0]], DataClasses = ["support", "internal"] };

        Assert.Equal(AgentDefinitionHash.Compute(Sample), AgentDefinitionHash.Compute(AgentDefinitionRules.Normalise(turned)));
    }

    [Fact]
    public void LimitsAndContext_EveryProperty_IsInTheHash() =>
        Assert.Equal((10, 5), (typeof(RunLimits).GetProperties().Length, typeof(ContextWindow).GetProperties().Length));
}
