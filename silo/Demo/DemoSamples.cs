using AgentRuntime.Common;
using AgentRuntime.Tools.Manifests;

namespace AgentRuntime.Demo;

/// <summary>The sample files, which lie beside the program: the build copies them there from deploy/samples.</summary>
internal sealed class DemoSamples
{
    // As the samples write it.
    private const string SampleOrdersHost = "localhost:5301";

    private readonly string _folder;

    private DemoSamples(string folder) => _folder = folder;

    public string TriageRules => At("triage", "rules.yaml");

    public string RefundRules => At("refund", "rules.yaml");

    public string Help => At("help");

    public string Orders => At("orders", "orders.jsonl");

    /// <summary>The tickets that the rules were written for.</summary>
    public string KnownTickets => At("tickets.jsonl");

    /// <summary>The tickets that were written after the rules.</summary>
    public string LaterTickets => At("tickets-later.jsonl");

    /// <exception cref="AgentRuntimeException">NotFound: the program was copied without its samples.</exception>
    public static DemoSamples Find()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "samples");
        return Directory.Exists(folder)
            ? new DemoSamples(folder)
            : throw new AgentRuntimeException(ErrorCode.NotFound, $"The samples are not in '{folder}'. Copy deploy/samples there, or run the demo from the repository.");
    }

    /// <summary>Tenant, tools and agents of both workflows, with the shop at <paramref name="ordersHost"/>.</summary>
    public IReadOnlyList<ManifestFile> ReadManifests(string ordersHost) =>
    [
        .. new[] { At("tenant.yaml"), At("triage", "tools.yaml"), At("refund", "tools.yaml"), At("triage", "agent.yaml"), At("refund", "agent.yaml") }
            .Select(path => Read(path, ordersHost)),
    ];

    private string At(params string[] names) => Path.Combine([_folder, .. names]);

    private static ManifestFile Read(string path, string ordersHost)
    {
        try
        {
            return ManifestFile.Parse(File.ReadAllText(path).Replace(SampleOrdersHost, ordersHost, StringComparison.Ordinal));
        }
        catch (InvalidInputException refused)
        {
            throw new InvalidInputException(path, refused.Message);
        }
    }
}
