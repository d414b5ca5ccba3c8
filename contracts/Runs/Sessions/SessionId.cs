using AgentRuntime.Common;

namespace AgentRuntime.Runs.Sessions;

/// <summary>Names a session within its tenant. Well-formed by construction, see <see cref="IdFormat"/>.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.id.session")]
public readonly record struct SessionId
{
    [Id(0)]
    private readonly string _value;

    private SessionId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value;

    /// <summary>Parses an id.</summary>
    /// <param name="value">The text.</param>
    /// <param name="field">How the caller calls this input.</param>
    /// <exception cref="InvalidInputException">The text is not a well-formed id.</exception>
    public static SessionId Parse(string? value, string field = "session") => new(IdFormat.Require(value, field));

    /// <inheritdoc/>
    public override string ToString() => _value;
}
