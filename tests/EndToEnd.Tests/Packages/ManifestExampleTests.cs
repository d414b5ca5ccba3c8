using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Manifests;

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>The manifests that people copy.</summary>
public sealed class ManifestExampleTests
{
    [Fact]
    public void Agent_HasEveryKey_AndStatesTheDefaults()
    {
        var yaml = Example("## Agent");

        var agent = Assert.Single(AgentManifest.Parse(yaml)).Definition;

        Assert.Equal(new RunLimits(), agent.Limits);
        Assert.Equal(new ContextWindow { MaxTokens = agent.Context.MaxTokens }, agent.Context);
        foreach (var key in new[] { typeof(AgentDefinition), typeof(AgentTool), typeof(RunLimits), typeof(ContextWindow) }.SelectMany(type => type.GetProperties()))
            Assert.Contains($"{JsonNamingPolicy.CamelCase.ConvertName(key.Name)}:", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_HasEveryKey()
    {
        var yaml = Example("## Tool");

        Assert.Equal([typeof(FunctionInvoker), typeof(HttpInvoker), typeof(McpInvoker)], ToolManifest.Parse(yaml).Select(tool => tool.Contract.Invoker.GetType()));
        foreach (var key in new[] { "wireName", "description", "risk", "effect", "timeoutMs", "dataClasses", "egressHosts", "input", "output", "headers", "maxResponseBytes" })
            Assert.Contains($"{key}:", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Tenant_IsOne() => Assert.Equal(7, Assert.Single(TenantManifest.Parse(Example("## Tenant"))).Settings.Retention!.Classes.Single(kept => kept.DataClass == "orders").Days);

    private static string Example(string heading) => Repository.BlockOf("deploy/samples/MANIFESTS.md", heading, "yaml");
}
