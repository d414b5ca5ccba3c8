using AgentRuntime.Tools.JsonSchema;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Tools;

/// <summary>A version of a tool, ready to be called on this silo.</summary>
/// <param name="Version">The version and where it stands, at most 1.8 s old.</param>
/// <param name="Input">What arguments must fit.</param>
/// <param name="Output">What a result must fit; null accepts any.</param>
/// <param name="Declaration">What the model is shown.</param>
/// <param name="Invoker">Makes its calls.</param>
internal sealed record PreparedTool(
    ToolVersion Version,
    JsonSchemaValidator Input,
    JsonSchemaValidator? Output,
    AIFunctionDeclaration Declaration,
    IToolInvoker Invoker);
