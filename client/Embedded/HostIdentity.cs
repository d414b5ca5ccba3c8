using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;

namespace AgentRuntime.Client.Embedded;

/// <summary>Whom the program speaks as in its own runtime. It vouches for them: nothing in its process could stop it.</summary>
internal sealed class HostIdentity(TenantId tenant, string clusterId, TimeProvider clock)
{
    private const string Subject = "host";

    // No token can name this issuer.
    private readonly string _issuer = $"urn:agentruntime:host:{clusterId}";

    /// <summary>The program itself: it starts runs and declares tools and agents. No person, so it never approves.</summary>
    public Principal Service => new(_issuer, Subject, null, tenant, [Roles.Agent, Roles.Developer], clock.GetUtcNow());

    /// <summary>The program as the platform that vouches for its own functions.</summary>
    public Principal Platform => new(_issuer, Subject, null, null, [Roles.PlatformOperator], clock.GetUtcNow());

    /// <summary>A person whom the program has recognised; the same one as the person of that name who logs in with a token.</summary>
    public Principal Person(EmbeddedPerson person) =>
        new(DevIssuer.NameOf(clusterId), person.Name, person.Name, tenant, person.Roles, person.AuthenticatedAt);
}
