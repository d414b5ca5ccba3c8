using System.ComponentModel;
using System.Reflection;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Client.Embedded;

/// <summary>The tools of the program and the contracts that follow from their attributes.</summary>
internal sealed class DeclaredTools
{
    private static readonly Type[] Marks = [typeof(DescriptionAttribute), typeof(ToolRiskAttribute), typeof(ToolEffectAttribute)];

    private readonly FunctionTools _functions = new();
    private readonly Dictionary<ToolId, ToolContract> _contracts = [];

    public IReadOnlyDictionary<ToolId, ToolContract> Contracts => _contracts;

    public void Add(Delegate method, string? name, string[] dataClasses)
    {
        var tool = name ?? ToolName.Of(method.Method);
        _functions.Add(method, tool);
        Draft(method.Method, tool, dataClasses);
    }

    public void Add(Type type, string[] dataClasses)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
            .Where(method => Marks.Any(mark => method.IsDefined(mark)))
            .ToList();
        if (methods.Count == 0) throw new InvalidInputException(type.FullName!, "has no public method with [Description], [ToolRisk] and [ToolEffect].");
        foreach (var method in methods)
        {
            var tool = ToolName.Of(method);
            if (method.IsStatic) _functions.Add(method, target: null, tool);
            else _functions.Add(method, type, tool);
            Draft(method, tool, dataClasses);
        }
    }

    /// <summary>Offers the methods in a silo, with what they take from the services of the program.</summary>
    public void ApplyTo(IServiceCollection silo, IServiceProvider host)
    {
        _functions.Scopes.ComeFrom(host);
        silo.AddFunctionTools(functions => _functions.All.ToList().ForEach(tool => functions.Add(tool)));
    }

    // What registering would refuse is refused here, where the method is known.
    private void Draft(MethodInfo method, string name, string[] dataClasses)
    {
        try
        {
            _contracts.Add(ToolId.Parse(name), ContractRules.Normalise(_functions.Find(name)!.Draft(dataClasses), _functions));
        }
        catch (InvalidInputException refused)
        {
            throw new InvalidInputException(FunctionTools.NameOf(method), refused.Message);
        }
    }
}
