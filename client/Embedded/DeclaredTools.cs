using System.ComponentModel;
using System.Reflection;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.Functions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Client.Embedded;

/// <summary>The tools of the program and the contracts that follow from their attributes.</summary>
internal sealed class DeclaredTools
{
    private static readonly Type[] Marks = [typeof(DescriptionAttribute), typeof(ToolRiskAttribute), typeof(ToolEffectAttribute)];

    private readonly FunctionTools _functions = new();
    private readonly Dictionary<ToolId, ToolContract> _contracts = [];
    private readonly List<ToolClass> _classes = [];

    public IReadOnlyDictionary<ToolId, ToolContract> Contracts => _contracts;

    public void Add(Delegate method, string? name, string[] dataClasses)
    {
        var tool = name ?? ToolName.Of(method.Method);
        _functions.Add(method, tool);
        Draft(FunctionTools.NameOf(method.Method), tool, tool, dataClasses);
    }

    public void Add(AIFunction function, RiskLevel risk, EffectClass effect, string[] dataClasses)
    {
        _functions.Add(function, risk, effect);
        Draft(function.Name, ToolName.Kebab(function.Name), function.Name, dataClasses);
    }

    public void Add(Type type, string[] dataClasses)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
            .Where(method => Marks.Any(mark => method.IsDefined(mark)))
            .ToList();
        if (methods.Count == 0) throw new InvalidInputException(type.FullName!, "has no public method with [Description], [ToolRisk] and [ToolEffect].");
        if (methods.Any(method => !method.IsStatic)) _classes.Add(ToolClass.Require(type));
        foreach (var method in methods)
        {
            var tool = ToolName.Of(method);
            if (method.IsStatic) _functions.Add(method, target: null, tool);
            else _functions.Add(method, type, tool);
            Draft(FunctionTools.NameOf(method), tool, tool, dataClasses);
        }
    }

    /// <exception cref="InvalidInputException">A class takes something that the program does not have.</exception>
    public void RequireServices(IServiceProvider host) => _classes.ForEach(made => made.RequireServices(host));

    /// <summary>Offers the methods in a silo, with what they take from the services of the program.</summary>
    public void ApplyTo(IServiceCollection silo, IServiceProvider host)
    {
        _functions.Scopes.ComeFrom(host);
        silo.AddFunctionTools(functions => _functions.All.ToList().ForEach(tool => functions.Add(tool)));
    }

    // What registering would refuse is refused here, where it is known who wrote it.
    private void Draft(string culprit, string tool, string function, string[] dataClasses)
    {
        try
        {
            var contract = ContractRules.Normalise(_functions.Find(function)!.Draft(dataClasses), _functions);
            if (!_contracts.TryAdd(ToolId.Parse(tool), contract)) throw new InvalidInputException($"tool '{tool}'", "is there twice; give one of them another name.");
        }
        catch (InvalidInputException refused)
        {
            throw new InvalidInputException(culprit, refused.Message);
        }
    }
}
