namespace AgentRuntime.Common;

/// <summary>Who asks, as its credential says. Authority never comes from anywhere else.</summary>
/// <param name="Issuer">The issuer of the credential.</param>
/// <param name="Subject">The subject within the issuer.</param>
/// <param name="Person">The configured person claim; null for a service. Only a person can approve.</param>
/// <param name="Tenant">The tenant the credential speaks for; null for a platform operator.</param>
/// <param name="Roles">What the credential may do, see <see cref="Roles"/>.</param>
/// <param name="AuthenticatedAt">When the person logged in (UTC), not when the token was made.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.principal")]
public sealed record Principal(
    [property: Id(0)] string Issuer,
    [property: Id(1)] string Subject,
    [property: Id(2)] string? Person,
    [property: Id(3)] TenantId? Tenant,
    [property: Id(4)] IReadOnlyList<string> Roles,
    [property: Id(5)] DateTimeOffset AuthenticatedAt)
{
    /// <summary>How the principal is compared and recorded: the person if there is one, else the subject, within its issuer.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Identity => Person is null ? $"{Issuer}|service|{Subject}" : $"{Issuer}|person|{Person}";

    /// <summary>Whether the credential carries <paramref name="role"/>.</summary>
    public bool Has(string role) => Roles.Contains(role, StringComparer.Ordinal);
}
