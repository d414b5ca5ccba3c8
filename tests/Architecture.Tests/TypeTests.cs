using System.Reflection;

namespace AgentRuntime.Architecture.Tests;

/// <summary>What types look like.</summary>
public sealed class TypeTests
{
    private const int MaxDependencies = 6;
    private const int MaxInterfaceMembers = 8;

    [Fact]
    public void Namespaces_AreNeverThoseOfOrleans()
    {
        var found = ProductAssemblies.All.SelectMany(ProductAssemblies.WrittenTypes)
            .Where(type => type.Namespace == "Orleans" || type.Namespace?.StartsWith("Orleans.", StringComparison.Ordinal) == true)
            .Select(type => type.FullName);
        Assert.Empty(found);
    }

    [Fact]
    public void GrainInterfaces_AndTheirMethods_HaveAliases()
    {
        var interfaces = GrainInterfaces();
        Assert.NotEmpty(interfaces);
        var types = interfaces.Where(type => type.GetCustomAttribute<AliasAttribute>() is null).Select(type => type.FullName);
        var methods = interfaces.SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<AliasAttribute>() is null)
            .Select(method => $"{method.DeclaringType!.FullName}.{method.Name}");
        Assert.Empty(types.Concat(methods));
    }

    [Fact]
    public void GrainInterfaces_HaveAKeyBesideThem()
    {
        // An observer is addressed by reference; a second face of a grain has the key of the first.
        var missing = GrainInterfaces()
            .Where(type => !typeof(IGrainObserver).IsAssignableFrom(type) && type != typeof(AgentRuntime.Runs.ISpokenRunGrain))
            .Where(type => type.Assembly.GetType($"{type.Namespace}.{type.Name[1..]}Key") is null)
            .Select(type => type.FullName);
        Assert.Empty(missing);
    }

    [Fact]
    public void SerializedTypes_HaveAliases_NoneTwice()
    {
        var serialized = ProductAssemblies.All.SelectMany(ProductAssemblies.WrittenTypes)
            .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not null).ToList();
        Assert.NotEmpty(serialized);
        Assert.Empty(serialized.Where(type => !Aliases(type).Any()).Select(type => type.FullName));
        Assert.Empty(serialized.SelectMany(Aliases).GroupBy(alias => alias).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void GrainsAndSilo_ShowNothingToOthers()
    {
        var found = new[] { ProductAssemblies.Grains, ProductAssemblies.Silo }
            .SelectMany(ProductAssemblies.WrittenTypes)
            .Where(type => type.IsPublic)
            .Select(type => type.FullName);
        Assert.Empty(found);
    }

    [Fact]
    public void Constructors_TakeFewDependencies()
    {
        // What a record carries is data, not what it depends on.
        var found = ProductAssemblies.All.SelectMany(ProductAssemblies.WrittenTypes)
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is null && !typeof(Exception).IsAssignableFrom(type))
            .SelectMany(type => type.GetConstructors(BindingFlags.Public | BindingFlags.Instance))
            .Where(constructor => constructor.GetParameters().Length > MaxDependencies)
            .Select(constructor => $"{constructor.DeclaringType!.FullName}: {constructor.GetParameters().Length}");
        Assert.Empty(found);
    }

    [Fact]
    public void Interfaces_AreSmall()
    {
        var found = ProductAssemblies.All.SelectMany(ProductAssemblies.WrittenTypes)
            .Where(type => type.IsInterface && type.GetMembers().Length > MaxInterfaceMembers)
            .Select(type => $"{type.FullName}: {type.GetMembers().Length}");
        Assert.Empty(found);
    }

    private static IEnumerable<string> Aliases(Type type) => type.GetCustomAttributes<AliasAttribute>(inherit: false).Select(alias => alias.Alias);

    private static List<Type> GrainInterfaces() =>
        [.. ProductAssemblies.All.SelectMany(ProductAssemblies.WrittenTypes).Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))];
}
