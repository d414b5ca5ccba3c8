namespace AgentRuntime.Tools.Http.Egress;

/// <summary>Where tools may reach out to, as the platform says. Empty allows nothing.</summary>
internal sealed class EgressOptions
{
    public const string SectionName = "Egress";

    /// <summary>
    /// Hosts as <c>host</c> (any port) or <c>host:port</c>. Default empty. Each tenant's list and each contract's must lie inside; more
    /// hosts let more tenants' data out.
    /// </summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>
    /// Hosts, written like <see cref="Hosts"/>, that may be at loopback, private or shared addresses and may be spoken to without TLS.
    /// Default empty. Opens the platform's own network to tools; link-local and metadata addresses stay closed.
    /// </summary>
    public IList<string> AllowPrivateHosts { get; } = [];
}
