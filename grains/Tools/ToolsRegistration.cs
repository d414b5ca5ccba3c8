using System.Net;
using AgentRuntime.Agents;
using AgentRuntime.Tenants;
using AgentRuntime.Tools.Functions;
using AgentRuntime.Tools.Http;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Http.Secrets;
using AgentRuntime.Tools.Mcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Tools;

/// <summary>Registers the Tools slice.</summary>
internal static class ToolsRegistration
{
    /// <summary>Adds the directory, the gateway and the invokers. May be called more than once.</summary>
    public static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ToolGatewayOptions>().BindConfiguration(ToolGatewayOptions.SectionName)
            .Validate(o => o.MaxResultBytes is >= 1_024 and <= 64 * 1_024 * 1_024, "Tools:Gateway:MaxResultBytes must be 1024 to 67108864 bytes.")
            .Validate(o => o.StopGraceMs is >= 0 and <= 2_000, "Tools:Gateway:StopGraceMs must be 0 to 2000 milliseconds.")
            .ValidateOnStart();
        services.AddFunctionTools(_ => { });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolInvoker, FunctionToolInvoker>());
        services.AddHttpTools();
        services.TryAddSingleton<IMcpServers, NoMcpServers>();
        services.TryAddSingleton<ToolPreparer>();
        services.TryAddSingleton<ToolDirectory>();
        services.TryAddSingleton<IToolCatalog>(s => s.GetRequiredService<ToolDirectory>());
        services.AddMetrics();
        services.TryAddSingleton<ToolInstruments>();
        services.TryAddSingleton<ToolGateway>();
        return services;
    }

    /// <summary>Offers functions of the host as tools, at once: a function that is not accepted stops the host here.</summary>
    public static IServiceCollection AddFunctionTools(this IServiceCollection services, Action<FunctionTools> add)
    {
        var functions = services.FirstOrDefault(s => s.ServiceType == typeof(FunctionTools))?.ImplementationInstance as FunctionTools;
        if (functions is null)
            services.AddSingleton(functions = new FunctionTools());
        add(functions);
        return services;
    }

    private static void AddHttpTools(this IServiceCollection services)
    {
        services.AddOptions<EgressOptions>().BindConfiguration(EgressOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EgressOptions>, EgressOptionsValidator>());
        services.AddOptions<SecretOptions>().BindConfiguration(SecretOptions.SectionName)
            .Validate(o => o.Folder is null || Path.IsPathFullyQualified(o.Folder), "Secrets:Folder must be an absolute path.")
            .ValidateOnStart();
        services.TryAddSingleton<HostResolver>((host, cancellation) => Dns.GetHostAddressesAsync(host, cancellation));
        services.TryAddSingleton<EgressGuard>();
        services.TryAddSingleton<SecretSource>();
        services.TryAddSingleton<HttpTransport>();
        services.TryAddSingleton<TenantDirectory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolInvoker, HttpToolInvoker>());
    }
}
