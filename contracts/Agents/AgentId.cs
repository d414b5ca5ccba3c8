using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>Names an agent within its tenant. Well-formed by construction, see <see cref="IdFormat"/>.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.id.agent")]
public readonly record struct AgentId
{
    [Id(0)]
    private readonly string _value;

    private AgentId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value;

    /// <summary>Parses an id.</summary>
    /// <param name="value">The text.</param>
    /// <param name="field">How the caller calls this input.</param>
    /// <exception cref="InvalidInputException">The text is not a well-formed id.</exception>
    public static AgentId Parse(string? value, string field = "agent") => new(IdFormat.Require(value, field));

    /// <inheritdoc/>
    public override string ToString() => _value;
}
