using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Tools.Functions;

/// <summary>What a method may take. Anything else would become part of the schema that a model reads, and fail each call.</summary>
internal static class MethodParameters
{
    private static readonly Type[] Filled = [typeof(ToolCallContext), typeof(IServiceProvider), typeof(CancellationToken), typeof(AIFunctionArguments)];
    private static readonly Type[] NeverJson = [typeof(Delegate), typeof(MemberInfo), typeof(Assembly), typeof(IntPtr), typeof(UIntPtr)];

    /// <exception cref="InvalidInputException">A parameter is none that a model can fill; the message names method, parameter and type.</exception>
    public static void Require(MethodInfo method)
    {
        if (method.ContainsGenericParameters) throw new InvalidInputException(FunctionTools.NameOf(method), "is generic; write it for the types that it is meant for.");
        if (Array.Find(method.GetParameters(), parameter => !IsFillable(parameter)) is not { } wrong) return;
        throw new InvalidInputException(
            FunctionTools.NameOf(method),
            $"takes '{wrong.Name}' of type {wrong.ParameterType}, which no model can fill. A service comes into the constructor of a class for AddTools<T>, or from a parameter of type IServiceProvider.");
    }

    private static bool IsFillable(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (Filled.Contains(type)) return true;
        if (parameter.IsDefined(typeof(FromKeyedServicesAttribute)) || type.IsByRef || type.IsByRefLike || type.IsPointer || type.IsFunctionPointer) return false;
        return !NeverJson.Any(never => never.IsAssignableFrom(type)) && IsMadeFromJson(type);
    }

    private static bool IsMadeFromJson(Type type)
    {
        try
        {
            return IsMadeFromJson(AIJsonUtilities.DefaultOptions.GetTypeInfo(type));
        }
        catch (Exception refused) when (refused is InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    // Collections have kinds of their own, and types with a converter have none. What is left is made member by member, and belongs to nobody afterwards.
    private static bool IsMadeFromJson(JsonTypeInfo json) =>
        json.Kind != JsonTypeInfoKind.Object
        || json.PolymorphismOptions is not null
        || (!json.Type.IsInterface && !json.Type.IsAbstract && !typeof(IDisposable).IsAssignableFrom(json.Type) && !typeof(IAsyncDisposable).IsAssignableFrom(json.Type));
}
