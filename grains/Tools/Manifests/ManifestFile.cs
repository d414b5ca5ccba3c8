using AgentRuntime.Agents;
using AgentRuntime.Common.Yaml;
using AgentRuntime.Tenants;

namespace AgentRuntime.Tools.Manifests;

/// <summary>What one file of manifests holds, of all kinds.</summary>
internal sealed record ManifestFile(IReadOnlyList<TenantManifest> Tenants, IReadOnlyList<ToolManifest> Tools, IReadOnlyList<AgentManifest> Agents)
{
    /// <exception cref="AgentRuntime.Common.InvalidInputException">The file is refused; the message begins with line and column.</exception>
    public static ManifestFile Parse(string yaml)
    {
        var documents = ManifestDocument.ReadAll(yaml, TenantManifest.Kind, ToolManifest.Kind, AgentManifest.Kind);
        return new ManifestFile(
            [.. documents.Where(document => document.Kind == TenantManifest.Kind).Select(TenantManifest.Read)],
            [.. documents.Where(document => document.Kind == ToolManifest.Kind).Select(ToolManifest.Read)],
            [.. documents.Where(document => document.Kind == AgentManifest.Kind).Select(AgentManifest.Read)]);
    }
}
