using AgentRuntime.Client;
using AgentRuntime.Cli.Output;

namespace AgentRuntime.Cli.Session;

/// <summary>What a verb works with: a client, who it speaks as, and where its output goes.</summary>
internal sealed class Connection(AgentRuntimeClient client, Credential credential, Printer printer) : IDisposable
{
    public AgentRuntimeClient Client { get; } = client;

    public Printer Print { get; } = printer;

    public Credential Credential { get; } = credential;

    public string Tenant => Credential.Tenant ?? throw new CliException(ExitCode.Usage, "this login speaks for no tenant; give --tenant.");

    public string Parent => $"tenants/{Tenant}";

    /// <summary>A resource's name from what was typed: its id or its whole name.</summary>
    public string Name(string collection, string typed) =>
        typed.StartsWith("tenants/", StringComparison.Ordinal) ? typed : $"{Parent}/{collection}/{typed}";

    /// <summary>The id at the end of a resource's name.</summary>
    public static string IdOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    public void Dispose() => Client.Dispose();
}
