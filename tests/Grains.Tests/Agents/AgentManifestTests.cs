using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Grains.Tests.Agents;

public class AgentManifestTests
{
    private const string Valid = """
        kind: Agent
        name: triage
        instructions: Label the ticket.
        model: rules
        riskScope: write
        tools:
          - search-help
          - tool: read-ticket
            contractHash: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        dataClasses: [support, internal]
        limits:
          maxSteps: 12
        context:
          lastTurns: 8
          maxTokens: 8000
          pinnedInputs: 3
          summaryTokens: 500
        """;

    [Fact]
    public void Parse_Valid_ReadsEveryPartAndOrdersNames()
    {
        var manifest = Assert.Single(AgentManifest.Parse(Valid));

        Assert.Equal("triage", manifest.Agent.Value);
        Assert.Equal(RiskLevel.Write, manifest.Definition.RiskScope);
        Assert.Equal(["read-ticket", "search-help"], manifest.Definition.Tools.Select(tool => tool.Tool));
        Assert.Equal("", manifest.Definition.Tools[1].ContractHash);
        Assert.Equal(["internal", "support"], manifest.Definition.DataClasses);
        Assert.Equal(12, manifest.Definition.Limits.MaxSteps);
        Assert.Equal(new RunLimits().MaxTokens, manifest.Definition.Limits.MaxTokens);
        Assert.Equal(
            new ContextWindow { LastTurns = 8, MaxTokens = 8_000, PinnedInputs = 3, SummaryTokens = 500 }, manifest.Definition.Context);
    }

    [Theory]
    [InlineData("model: rules", "modle: rules", "yaml:1:1: a manifest needs 'model'")]
    [InlineData("model: rules", "model: rules\nmodle: x", "yaml:5:1: a manifest has no key 'modle'. Known: kind, name, instructions, model")]
    [InlineData("  maxSteps: 12", "  maxStep: 12", "yaml:12:3: limits has no key 'maxStep'")]
    [InlineData("  maxSteps: 12", "  maxSteps: twelve", "yaml:12:13: 'maxSteps' must be a whole number, not 'twelve'")]
    [InlineData("  maxSteps: 12", "  maxSteps: '12'", "must be a whole number")]
    [InlineData("  maxSteps: 12", "  maxSteps: 100001", "limits.maxSteps: must be 1 to 100000, not 100001")]
    [InlineData("  maxSteps: 12", "  maxSteps: 99999999999999999999", "must be a whole number")]
    [InlineData("  lastTurns: 8", "  lastTurns: 0", "context.lastTurns: must be 1 to 200, not 0")]
    [InlineData("  maxTokens: 8000", "  maxTokens: 100", "context.maxTokens: must be 1024 to 10000000, not 100")]
    [InlineData("  pinnedInputs: 3", "  pinnedInputs: 51", "context.pinnedInputs: must be 0 to 50, not 51")]
    [InlineData("  summaryTokens: 500", "  summaryTokens: 5", "context.summaryTokens: must be 64 to 8192, not 5")]
    [InlineData("  summaryTokens: 500", "  summaryTokens: 1001", "context.summaryTokens: must be at most an eighth of maxTokens, 1000, not 1001")]
    [InlineData("riskScope: write", "riskScope: harmless", "'riskScope' must be read, write, write-high or critical, not 'harmless'")]
    [InlineData("riskScope: write", "riskScope: [write]", "'riskScope' must be a text, not a list")]
    [InlineData("[support, internal]", "[support, support]", "dataClasses: names 'support' twice")]
    [InlineData("[support, internal]", "support", "'dataClasses' must be a list, not a text")]
    [InlineData("  - search-help", "  - read-ticket", "tools: names 'read-ticket' twice")]
    [InlineData("contractHash: 0", "contractHash: X", "must be 64 hex digits")]
    [InlineData("name: triage", "name: Triage", "name 'Triage' must be 1 to 64 characters")]
    [InlineData("name: triage", "name: ../x", "name '../x' must be")]
    [InlineData("kind: Agent", "kind: Tool", "kind 'Tool' is not expected here. Expected: Agent")]
    [InlineData("instructions: Label the ticket.", "instructions: ''", "instructions: must not be empty")]
    public void Parse_Malformed_NamesPlaceAndCulprit(string from, string to, string part)
    {
        var yaml = Valid.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Valid, yaml);

        var refused = Assert.Throws<InvalidInputException>(() => AgentManifest.Parse(yaml));

        Assert.StartsWith("yaml:", refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SameNameTwice_RefusedWithBothPlaces()
    {
        var refused = Assert.Throws<InvalidInputException>(() => AgentManifest.Parse($"{Valid}\n---\n{Valid}"));

        Assert.Contains("Agent 'triage' is there twice, first in line 1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n---\n")]
    public void Parse_Empty_Refused(string yaml) =>
        Assert.Contains("has no document", Assert.Throws<InvalidInputException>(() => AgentManifest.Parse(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_InstructionsAboveLimit_Refused()
    {
        var yaml = Valid.Replace("Label the ticket.", new string('x', AgentDefinitionRules.MaxInstructionsBytes + 1), StringComparison.Ordinal);

        Assert.Contains("at most 65536 bytes", Assert.Throws<InvalidInputException>(() => AgentManifest.Parse(yaml)).Message, StringComparison.Ordinal);
    }
}
