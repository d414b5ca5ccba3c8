using AgentRuntime.Mcp.Children;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Mcp.Http;
using AgentRuntime.Mcp.Importing;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Mcp;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Mcp;

/// <summary>Registers tools of MCP servers.</summary>
internal static class McpRegistration
{
    /// <summary>Adds the configured servers and what calls and imports their tools. The host registers the Tools slice.</summary>
    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        services.AddOptions<McpOptions>().BindConfiguration(McpOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<McpOptions>, McpOptionsValidator>());
        services.TryAddSingleton<McpServers>();
        services.Replace(ServiceDescriptor.Singleton<IMcpServers>(s => s.GetRequiredService<McpServers>()));
        services.TryAddSingleton<ChildStarter>();
        services.TryAddSingleton<EndpointParts>();
        services.TryAddSingleton<McpDialer>();
        services.TryAddSingleton<McpConnections>();
        services.TryAddSingleton<McpImporter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolInvoker, McpToolInvoker>());
        return services;
    }
}
