using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Tenants;

/// <summary>A tenant as written in YAML.</summary>
/// <param name="Tenant">Its name.</param>
/// <param name="Settings">Its settings, normalised.</param>
internal sealed record TenantManifest(TenantId Tenant, TenantSettings Settings)
{
    public const string Kind = "Tenant";
    public const int DefaultMaxOpenRuns = 200_000;

    /// <summary>The tenants of a file that holds nothing else.</summary>
    /// <exception cref="InvalidInputException">The file is refused; the message begins with line and column and names the culprit.</exception>
    public static IReadOnlyList<TenantManifest> Parse(string yaml) => [.. ManifestDocument.ReadAll(yaml, Kind).Select(Read)];

    public static TenantManifest Read(ManifestDocument document)
    {
        var fields = document.Fields;
        var settings = new TenantSettings(
            fields.FindText("displayName") ?? document.Name,
            fields.Number("maxOpenRuns", DefaultMaxOpenRuns, 0, int.MaxValue),
            fields.Texts("egressHosts"))
        {
            Retention = RetentionManifest.Read(fields),
        };
        fields.Done();
        return new TenantManifest(TenantId.Parse(document.Name), document.Checked(() => TenantRules.Normalise(settings)));
    }
}
