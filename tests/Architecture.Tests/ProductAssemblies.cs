using System.Reflection;
using AgentRuntime.Aws;
using AgentRuntime.Client.Embedded;
using AgentRuntime.Common;
using AgentRuntime.Hosting;
using AgentRuntime.Runs;

namespace AgentRuntime.Architecture.Tests;

/// <summary>The assemblies of the product.</summary>
internal static class ProductAssemblies
{
    public static readonly Assembly Contracts = typeof(TenantId).Assembly;
    public static readonly Assembly Grains = typeof(RunKey).Assembly;
    public static readonly Assembly Silo = typeof(AgentRuntimeHost).Assembly;
    public static readonly Assembly Embedded = typeof(EmbeddedRuntime).Assembly;
    public static readonly Assembly Aws = typeof(AwsOptions).Assembly;

    public static IReadOnlyList<Assembly> All => [Contracts, Grains, Silo, Embedded, Aws];

    /// <summary>Types that a person wrote.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) => assembly.GetTypes().Where(type =>
        type.Namespace?.StartsWith("OrleansCodeGen", StringComparison.Ordinal) != true
        && type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
        && !type.FullName!.Contains('<', StringComparison.Ordinal));
}
