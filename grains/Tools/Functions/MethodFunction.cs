using System.Reflection;
using System.Text.Json;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Tools.Functions;

/// <summary>Methods as tools: arguments bound by name, results written as JSON.</summary>
internal static class MethodFunction
{
    private static readonly object CallKey = typeof(ToolCallContext);

    /// <summary>The method as a function; a parameter of type <see cref="ToolCallContext"/> is filled and not shown.</summary>
    public static AIFunction Create(MethodInfo method, object? target, string? name) => AIFunctionFactory.Create(method, target, new AIFunctionFactoryOptions
    {
        Name = name,
        ConfigureParameterBinding = parameter => parameter.ParameterType == typeof(ToolCallContext)
            ? new() { ExcludeFromSchema = true, BindParameter = static (_, arguments) => arguments.Context![CallKey] }
            : default,
    });

    public static FunctionTool ToTool(AIFunction function, RiskLevel risk, EffectClass effect) => new(
        function.Name,
        function.Description,
        risk,
        effect,
        function.JsonSchema.GetRawText(),
        OutputSchema: null,
        (invocation, cancellation) => new ValueTask<ToolOutcome>(LeaveSchedulerAsync(function, invocation, cancellation)));

    // A method may block its thread. On the scheduler of the run that would hold up cancelling it, so the method runs on the pool.
    private static Task<ToolOutcome> LeaveSchedulerAsync(AIFunction function, ToolInvocation invocation, CancellationToken cancellation) => Task.Factory.StartNew(
        () => CallAsync(function, invocation, cancellation),
        CancellationToken.None,
        TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default).Unwrap();

    private static async Task<ToolOutcome> CallAsync(AIFunction function, ToolInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new AIFunctionArguments
        {
            Context = new Dictionary<object, object?>
            {
                [CallKey] = new ToolCallContext(invocation.Tenant, invocation.IdempotencyKey, invocation.Attempt, invocation.Deadline),
            },
        };
        foreach (var member in invocation.Arguments.EnumerateObject())
            arguments[member.Name] = member.Value;
        var result = await function.InvokeAsync(arguments, cancellation);
        return new ToolOutcome.Succeeded(
            result is JsonElement json ? json.GetRawText() : JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions), IsJson: true);
    }
}
