namespace AgentRuntime.Common;

/// <summary>Names a tenant. Well-formed by construction, see <see cref="IdFormat"/>.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.id.tenant")]
public readonly record struct TenantId
{
    [Id(0)]
    private readonly string _value;

    private TenantId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value;

    /// <summary>Parses an id.</summary>
    /// <param name="value">The text.</param>
    /// <param name="field">How the caller calls this input.</param>
    /// <exception cref="InvalidInputException">The text is not a well-formed id.</exception>
    public static TenantId Parse(string? value, string field = "tenant") => new(IdFormat.Require(value, field));

    /// <inheritdoc/>
    public override string ToString() => _value;
}
