namespace AgentRuntime.Mcp.Configuration;

/// <summary>
/// One MCP server: a process of the silo (<see cref="Command"/>) or an endpoint (<see cref="Url"/>). <c>{tenant}</c> in an argument, a folder,
/// a variable or a header stands for the tenant's id.
/// </summary>
internal sealed class McpServerOptions
{
    public const string TenantMark = "{tenant}";
    public const string AllTenants = "*";

    /// <summary>Program and arguments. The program is an absolute path: the process has no PATH. No shell reads it.</summary>
    public IList<string> Command { get; } = [];

    /// <summary>Absolute path of the folder that the process starts in. Default <c>/</c>.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// User id of the process, 1 to 2,147,483,647. Default: the silo's own, so that the process can read what the silo can. Needs Linux, a silo
    /// that runs as root, and setpriv.
    /// </summary>
    public int? Uid { get; set; }

    /// <summary>
    /// All environment variables of the process; nothing is inherited. Default none. A value <c>secret:NAME</c> is the tenant's secret.
    /// </summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// https URL of a streamable HTTP endpoint; http for hosts in Egress:AllowPrivateHosts. Its host must be in Egress:Hosts and in the
    /// tenant's egress list.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>Headers of every request to <see cref="Url"/>. A value <c>secret:NAME</c> is the tenant's secret.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Tenants that may use the server; <c>*</c> is all. Default none. Each gets a process or session of its own.</summary>
    public IList<string> Tenants { get; } = [];

    /// <summary>Seconds that starting and greeting may take, and later reading the list of tools. 1 to 120, default 20. A server that takes longer is replaced.</summary>
    public int StartTimeoutSeconds { get; set; } = 20;

    /// <summary>
    /// Most seconds between two starts of a server that does not stay up; the first are 0.5 apart, then twice as long each time. 1 to 600,
    /// default 30. Less finds a server sooner that came back, and costs a start each time that it did not.
    /// </summary>
    public int MaxBackoffSeconds { get; set; } = 30;

    /// <summary>Seconds without a call after which process or session are ended. 1 to 86,400, default 900. The next call starts it.</summary>
    public int IdleSeconds { get; set; } = 900;

    /// <summary>
    /// Seconds after which the server's list of tools is read again even if it has not said that it changed. 1 to 3,600, default 60. Less finds
    /// silent changes sooner and costs a request before the call.
    /// </summary>
    public int RefreshSeconds { get; set; } = 60;

    /// <summary>Bytes of one message of the server. 1 KiB to 16 MiB, default 4 MiB. A larger one ends process or session.</summary>
    public int MaxResponseBytes { get; set; } = 4 * 1_024 * 1_024;

    public bool IsProcess => Command.Count > 0;

    public bool Admits(string tenant) => Tenants.Contains(AllTenants) || Tenants.Contains(tenant);
}
