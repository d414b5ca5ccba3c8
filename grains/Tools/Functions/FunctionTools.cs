using System.Reflection;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Tools.Functions;

/// <summary>
/// The functions that the host offers as tools. Filled while the host is put together: what is wrong with a function stops it from
/// starting, and the message names the function.
/// </summary>
internal sealed class FunctionTools
{
    private readonly Dictionary<string, FunctionTool> _tools = new(StringComparer.Ordinal);

    /// <summary>Where the methods offered here find services.</summary>
    public CallScopes Scopes { get; } = new();

    public IReadOnlyCollection<FunctionTool> All => _tools.Values;

    public FunctionTool? Find(string name) => _tools.GetValueOrDefault(name);

    /// <summary>Offers a method; its name, or <paramref name="name"/>, is what contracts call it.</summary>
    /// <exception cref="InvalidInputException">It lacks [Description], [ToolRisk] or [ToolEffect], or the name is taken.</exception>
    public FunctionTools Add(Delegate method, string? name = null) => Add(method.Method, method.Target, name);

    /// <inheritdoc cref="Add(Delegate, string?)"/>
    public FunctionTools Add(MethodInfo method, object? target, string? name = null)
    {
        var (risk, effect) = ReadAttributes(method);
        return Add(MethodFunction.Create(method, target, name), risk, effect);
    }

    /// <summary>Offers a method of a class that is made anew for each call, from <see cref="Scopes"/>.</summary>
    /// <inheritdoc cref="Add(Delegate, string?)" path="/exception"/>
    public FunctionTools Add(MethodInfo method, Type declaring, string? name = null)
    {
        var (risk, effect) = ReadAttributes(method);
        return Add(MethodFunction.Create(method, declaring, name), risk, effect);
    }

    /// <summary>Offers a function whose method carries the attributes.</summary>
    /// <inheritdoc cref="Add(Delegate, string?)" path="/exception"/>
    public FunctionTools Add(AIFunction function)
    {
        var method = function.UnderlyingMethod ?? throw new InvalidInputException(
            function.Name, "has no method to read [ToolRisk] and [ToolEffect] from; state risk and effect.");
        var (risk, effect) = ReadAttributes(method);
        return Add(function, risk, effect);
    }

    /// <summary>Offers a function with risk and effect stated here.</summary>
    public FunctionTools Add(AIFunction function, RiskLevel risk, EffectClass effect) => string.IsNullOrWhiteSpace(function.Description)
        ? throw new InvalidInputException(
            function.UnderlyingMethod is { } method ? NameOf(method) : function.Name, "lacks [Description]; say what it does: it is what the model reads.")
        : Add(MethodFunction.ToTool(function, risk, effect, Scopes));

    /// <summary>Offers a function in its plain form, without the cost of binding arguments.</summary>
    public FunctionTools Add(FunctionTool tool)
    {
        if (tool.Name is not { Length: > 0 and <= 128 } || !System.Text.Ascii.IsValid(tool.Name))
            throw new InvalidInputException($"function '{tool.Name}'", "must have a name of 1 to 128 ASCII characters.");
        JsonSchema.JsonSchemaValidator.Compile(tool.InputSchema, $"function '{tool.Name}', arguments", JsonSchema.ObjectPolicy.Closed);
        return _tools.TryAdd(tool.Name, tool)
            ? this
            : throw new InvalidInputException($"function '{tool.Name}'", "is there twice; give one of them another name.");
    }

    /// <summary>How refusals name a method.</summary>
    public static string NameOf(MethodInfo method) => $"{method.DeclaringType?.FullName}.{method.Name}";

    private static (RiskLevel Risk, EffectClass Effect) ReadAttributes(MethodInfo method)
    {
        var name = NameOf(method);
        var risk = method.GetCustomAttribute<ToolRiskAttribute>() ?? throw new InvalidInputException(name, "lacks [ToolRisk]; say how much harm it can do.");
        var effect = method.GetCustomAttribute<ToolEffectAttribute>()
            ?? throw new InvalidInputException(name, "lacks [ToolEffect]; say what may happen to a call whose outcome is unknown.");
        return (risk.Risk, effect.Effect);
    }
}
