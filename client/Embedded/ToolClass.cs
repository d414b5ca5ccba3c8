using System.Reflection;
using AgentRuntime.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Client.Embedded;

/// <summary>A class that is made anew for each call of its tools. What keeps it from being made is told before the first call.</summary>
internal sealed class ToolClass
{
    private readonly Type _type;
    private readonly ConstructorInfo[] _constructors;

    private ToolClass(Type type, ConstructorInfo[] constructors) => (_type, _constructors) = (type, constructors);

    /// <exception cref="InvalidInputException">Nothing can make one.</exception>
    public static ToolClass Require(Type type)
    {
        if (type.IsInterface || type.IsAbstract)
            throw new InvalidInputException(type.FullName!, "cannot be made, because it is an interface or abstract; add the class that implements it.");
        var constructors = type.GetConstructors();
        return constructors.Length > 0
            ? new ToolClass(type, Array.FindAll(constructors, IsChosen) is { Length: > 0 } chosen ? chosen : constructors)
            : throw new InvalidInputException(type.FullName!, "has no public constructor; give it one, or add the methods of an object with AddTool.");
    }

    /// <exception cref="InvalidInputException">No constructor gets all that it takes.</exception>
    public void RequireServices(IServiceProvider host)
    {
        if (host.GetService<IServiceProviderIsService>() is not { } services) return;
        var lacks = _constructors.Select(constructor => Array.Find(constructor.GetParameters(), parameter => !IsThere(parameter, services))).ToList();
        if (lacks.Contains(null)) return;
        var missing = lacks[0]!;
        throw new InvalidInputException(
            _type.FullName!, $"its constructor takes '{missing.Name}' of type {missing.ParameterType}, which is no service of the program; register it in builder.Services.");
    }

    private static bool IsChosen(ConstructorInfo constructor) => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute));

    private static bool IsThere(ParameterInfo parameter, IServiceProviderIsService services) =>
        parameter.HasDefaultValue
        || (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed && services is IServiceProviderIsKeyedService keys
            ? keys.IsKeyedService(parameter.ParameterType, keyed.Key)
            : services.IsService(parameter.ParameterType));
}
