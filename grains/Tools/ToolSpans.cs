using System.Diagnostics;
using AgentRuntime.Common;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Tools;

/// <summary>The span of one attempt to call a tool: who and what, never arguments or results.</summary>
internal static class ToolSpans
{
    public static Activity? Begin(ToolInvocation call)
    {
        var tool = call.Tool;
        var span = RuntimeSource.Begin($"{GenAiNames.ExecuteTool} {tool.Tool}", ActivityKind.Client, call.Trace);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag(GenAiNames.OperationName, GenAiNames.ExecuteTool);
        span.SetTag(GenAiNames.ToolName, tool.Tool.Value);
        span.SetTag(GenAiNames.ToolCallId, call.IdempotencyKey);
        span.SetTag(GenAiNames.ToolType, tool.Contract.Invoker is FunctionInvoker ? GenAiNames.Function : GenAiNames.Extension);
        span.SetTag(RuntimeNames.ToolInvoker, InvokerOf(tool.Contract));
        span.SetTag(RuntimeNames.ToolEffect, EffectNames.Of(tool.Contract.Effect));
        span.SetTag(RuntimeNames.Tenant, call.Tenant.Value);
        span.SetTag(RuntimeNames.Attempt, call.Attempt);
        return span;
    }

    public static void End(Activity? span, ErrorCode? failure)
    {
        if (span is null || failure is not { } code) return;
        span.SetTag(RuntimeNames.ErrorType, code.ToString());
        span.SetStatus(ActivityStatusCode.Error);
    }

    public static string InvokerOf(ToolContract contract) => contract.Invoker switch
    {
        FunctionInvoker => "function",
        HttpInvoker => "http",
        McpInvoker => "mcp",
        var other => other.GetType().Name,
    };
}
