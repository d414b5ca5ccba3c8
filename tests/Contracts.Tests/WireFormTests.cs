using System.Reflection;

namespace AgentRuntime.Contracts.Tests;

/// <summary>
/// What silos of two versions say to each other and read from the stores: aliases, ids of fields and methods. A line may be added to
/// WireForm.txt; one that changes or goes away breaks what is stored or running.
/// </summary>
public sealed class WireFormTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact]
    public void WireForm_IsTheOneOnRecord()
    {
        var onRecord = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "WireForm.txt"));
        var now = Types().SelectMany(Lines).Order(StringComparer.Ordinal).ToList();
        Assert.True(onRecord.SequenceEqual(now), $"Not the same as on record:\n{Difference("-", onRecord.Except(now))}{Difference("+", now.Except(onRecord))}");
    }

    [Fact]
    public void FieldIds_AreUsedOnceInAType() => Assert.All(Types(), type =>
    {
        var ids = Members(type).Select(member => member.GetCustomAttribute<IdAttribute>()!.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    });

    private static IEnumerable<Type> Types() => typeof(AgentRuntime.Common.TenantId).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("AgentRuntime", StringComparison.Ordinal) == true
            && type.GetCustomAttributes<AliasAttribute>(inherit: false).Any());

    private static IEnumerable<string> Lines(Type type)
    {
        var alias = type.GetCustomAttributes<AliasAttribute>(inherit: false).Single().Alias;
        yield return alias;
        foreach (var member in Members(type))
        {
            var kind = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
            yield return $"{alias} [{member.GetCustomAttribute<IdAttribute>()!.Id}] {Name(kind)}";
        }

        foreach (var method in type.IsInterface ? type.GetMethods() : [])
        {
            // A token is no part of the message: who calls without one and who is called without one still understand each other.
            var parameters = method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken)).Select(parameter => Name(parameter.ParameterType));
            yield return $"{alias} {method.GetCustomAttribute<AliasAttribute>()?.Alias}({string.Join(", ", parameters)}) {Name(method.ReturnType)}";
        }
    }

    private static IEnumerable<MemberInfo> Members(Type type) =>
        type.GetMembers(Declared).Where(member => member is PropertyInfo or FieldInfo && member.IsDefined(typeof(IdAttribute), inherit: false));

    // Names of types may change, their aliases not.
    private static string Name(Type type) => type switch
    {
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.GetCustomAttributes<AliasAttribute>(inherit: false).FirstOrDefault()?.Alias ?? type.Name,
    };

    private static string Difference(string sign, IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{sign} {line}\n"));
}
