using System.Reflection;
using System.Text.Json;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Tools.Functions;

/// <summary>Methods as tools: arguments bound by name, results written as JSON.</summary>
internal static class MethodFunction
{
    private static readonly object CallKey = typeof(ToolCallContext);

    // A model pays for each blank, and the journal keeps it.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>The method as a function; a parameter of type <see cref="ToolCallContext"/> is filled and not shown.</summary>
    /// <exception cref="InvalidInputException">A parameter is none that a model can fill.</exception>
    public static AIFunction Create(MethodInfo method, object? target, string? name)
    {
        MethodParameters.Require(method);
        return AIFunctionFactory.Create(method, target, Options(name));
    }

    /// <summary>The method of a class that is made anew for each call, from the services of the host, and disposed after it.</summary>
    /// <inheritdoc cref="Create(MethodInfo, object?, string?)" path="/exception"/>
    public static AIFunction Create(MethodInfo method, Type declaring, string? name)
    {
        MethodParameters.Require(method);
        return AIFunctionFactory.Create(method, arguments => ActivatorUtilities.CreateInstance(arguments.Services!, declaring), Options(name));
    }

    private static AIFunctionFactoryOptions Options(string? name) => new()
    {
        Name = name,
        ConfigureParameterBinding = parameter => parameter.ParameterType == typeof(ToolCallContext)
            ? new() { ExcludeFromSchema = true, BindParameter = static (_, arguments) => arguments.Context![CallKey] }
            : default,
    };

    public static FunctionTool ToTool(AIFunction function, RiskLevel risk, EffectClass effect, CallScopes scopes) => new(
        function.Name,
        function.Description,
        risk,
        effect,
        function.JsonSchema.GetRawText(),
        OutputSchema: null,
        (invocation, cancellation) => new ValueTask<ToolOutcome>(LeaveSchedulerAsync(function, scopes, invocation, cancellation)));

    // A method may block its thread. On the scheduler of the run that would hold up cancelling it, so the method runs on the pool.
    private static Task<ToolOutcome> LeaveSchedulerAsync(
        AIFunction function, CallScopes scopes, ToolInvocation invocation, CancellationToken cancellation) => Task.Factory.StartNew(
        () => CallAsync(function, scopes, invocation, cancellation),
        CancellationToken.None,
        TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default).Unwrap();

    private static async Task<ToolOutcome> CallAsync(AIFunction function, CallScopes scopes, ToolInvocation invocation, CancellationToken cancellation)
    {
        await using var scope = scopes.Open();
        var arguments = new AIFunctionArguments
        {
            Services = scope.ServiceProvider,
            Context = new Dictionary<object, object?>
            {
                [CallKey] = new ToolCallContext(invocation.Tenant, invocation.IdempotencyKey, invocation.Attempt, invocation.Deadline),
            },
        };
        foreach (var member in invocation.Arguments.EnumerateObject())
            arguments[member.Name] = member.Value;
        var result = await function.InvokeAsync(arguments, cancellation);
        return new ToolOutcome.Succeeded(JsonSerializer.Serialize(result, Compact), IsJson: true);
    }
}
