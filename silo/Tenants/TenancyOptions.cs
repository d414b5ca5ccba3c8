namespace AgentRuntime.Tenants;

/// <summary>How the cluster keeps its tenants apart. The same on all silos of a cluster; what one silo serves is <c>Silo:Serves</c>.</summary>
internal sealed class TenancyOptions
{
    public const string SectionName = "Tenancy";

    /// <summary>
    /// <c>shared</c> (default), <c>segmented</c> or <c>account-per-tenant</c>. Segments cost each of their tenants silos and a journal of its own;
    /// an account costs each tenant a cluster.
    /// </summary>
    public string Mode { get; set; } = "shared";

    /// <summary>
    /// The tenants that have segments, at most 64; for mode segmented only, which needs one. A tenant that is here already cannot become one, nor
    /// cease to be one while its files are in the data folder.
    /// </summary>
    public IList<string> Segments { get; } = [];
}
