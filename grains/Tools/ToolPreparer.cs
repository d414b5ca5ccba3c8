using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.JsonSchema;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Tools;

/// <summary>Makes a stored version callable: compiles its schemas, finds its invoker, writes what the model is shown.</summary>
internal sealed class ToolPreparer(IEnumerable<IToolInvoker> invokers)
{
    private readonly IToolInvoker[] _invokers = [.. invokers];

    /// <exception cref="AgentRuntimeException">FailedPrecondition: this silo has no invoker for it. InvalidArgument: a schema does not compile.</exception>
    public PreparedTool Prepare(ToolVersion version)
    {
        var contract = version.Contract;
        var invoker = Array.Find(_invokers, i => i.Serves(contract.Invoker)) ?? throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition, $"Tool '{version.Tool}' cannot be called here: this silo has nothing that serves {Describe(contract.Invoker)}.");
        using var input = JsonDocument.Parse(contract.InputSchema);
        return new PreparedTool(
            version,
            JsonSchemaValidator.Compile(contract.InputSchema, "inputSchema", ObjectPolicy.Closed),
            contract.OutputSchema is null ? null : JsonSchemaValidator.Compile(contract.OutputSchema, "outputSchema", ObjectPolicy.Open),
            AIFunctionFactory.CreateDeclaration(version.ModelName, contract.Description, input.RootElement.Clone()),
            invoker);
    }

    private static string Describe(ToolInvoker invoker) => invoker switch
    {
        FunctionInvoker function => $"function '{function.Function}'",
        HttpInvoker => "http",
        McpInvoker => "mcp",
        _ => invoker.GetType().Name,
    };
}
