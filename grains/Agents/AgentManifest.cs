using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Agents;

/// <summary>An agent as written in YAML.</summary>
/// <param name="Agent">Its name.</param>
/// <param name="Definition">Its definition, normalised; tools without a contract hash are pinned at apply.</param>
internal sealed record AgentManifest(AgentId Agent, AgentDefinition Definition)
{
    public const string Kind = "Agent";

    /// <summary>The agents of a file that holds nothing else.</summary>
    /// <exception cref="InvalidInputException">The file is refused; the message begins with line and column and names the culprit.</exception>
    public static IReadOnlyList<AgentManifest> Parse(string yaml) => [.. ManifestDocument.ReadAll(yaml, Kind).Select(Read)];

    public static AgentManifest Read(ManifestDocument document)
    {
        var fields = document.Fields;
        var definition = new AgentDefinition(
            fields.RequireText("instructions"),
            fields.RequireText("model"),
            [.. fields.List("tools").Select(ReadTool)],
            ReadLimits(fields),
            fields.Word("riskScope", RiskNames.Parse, RiskNames.All),
            fields.Texts("dataClasses"),
            ReadContext(fields));
        fields.Done();
        return new AgentManifest(AgentId.Parse(document.Name), document.Checked(() => AgentDefinitionRules.Normalise(definition)));
    }

    private static AgentTool ReadTool(YamlValue value)
    {
        if (value is YamlScalar) return new AgentTool(YamlFields.TextOf(value, "tools"), "");
        var fields = new YamlFields(value, "a tool");
        var tool = new AgentTool(fields.RequireText("tool"), fields.FindText("contractHash") ?? "");
        fields.Done();
        return tool;
    }

    private static RunLimits ReadLimits(YamlFields agent)
    {
        var byDefault = new RunLimits();
        if (agent.Find("limits") is not { } value) return byDefault;
        var fields = new YamlFields(value, "limits");
        var limits = new RunLimits
        {
            MaxSteps = Number("maxSteps", byDefault.MaxSteps),
            MaxWallSeconds = Number("maxWallSeconds", byDefault.MaxWallSeconds),
            MaxTokens = fields.FindNumber("maxTokens", 0, long.MaxValue) ?? byDefault.MaxTokens,
            MaxToolCalls = Number("maxToolCalls", byDefault.MaxToolCalls),
            MaxFanOut = Number("maxFanOut", byDefault.MaxFanOut),
            MaxPayloadBytes = Number("maxPayloadBytes", byDefault.MaxPayloadBytes),
            MaxAttemptsPerCall = Number("maxAttemptsPerCall", byDefault.MaxAttemptsPerCall),
            MaxRetriesPerRun = Number("maxRetriesPerRun", byDefault.MaxRetriesPerRun),
            ModelTimeoutSeconds = Number("modelTimeoutSeconds", byDefault.ModelTimeoutSeconds),
            ApprovalSeconds = Number("approvalSeconds", byDefault.ApprovalSeconds),
        };
        fields.Done();
        return limits;

        // The ranges are the definition's own rules; here a number only has to be one.
        int Number(string key, int otherwise) => fields.Number(key, otherwise, 0, int.MaxValue);
    }

    private static ContextWindow ReadContext(YamlFields agent)
    {
        var byDefault = new ContextWindow();
        if (agent.Find("context") is not { } value) return byDefault;
        var fields = new YamlFields(value, "context");
        var context = new ContextWindow
        {
            LastTurns = fields.Number("lastTurns", byDefault.LastTurns, 0, int.MaxValue),
            MaxMessageChars = fields.Number("maxMessageChars", byDefault.MaxMessageChars, 0, int.MaxValue),
            MaxTokens = fields.Number("maxTokens", byDefault.MaxTokens, 0, int.MaxValue),
            PinnedInputs = fields.Number("pinnedInputs", byDefault.PinnedInputs, 0, int.MaxValue),
            SummaryTokens = fields.Number("summaryTokens", byDefault.SummaryTokens, 0, int.MaxValue),
        };
        fields.Done();
        return context;
    }
}
