using System.Diagnostics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Models;

/// <summary>The span of one model call: which model and how many tokens, never what was said.</summary>
internal static class ModelSpans
{
    public static Activity? Begin(string provider, string model, in ActivityContext run)
    {
        var span = RuntimeSource.Begin($"{GenAiNames.Chat} {model}", ActivityKind.Client, run);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag(GenAiNames.OperationName, GenAiNames.Chat);
        span.SetTag(GenAiNames.ProviderName, provider);
        span.SetTag(GenAiNames.RequestModel, model);
        return span;
    }

    public static void Replied(Activity? span, long inputTokens, long outputTokens, bool callsTools)
    {
        if (span is not { IsAllDataRequested: true }) return;
        span.SetTag(GenAiNames.InputTokens, inputTokens);
        span.SetTag(GenAiNames.OutputTokens, outputTokens);
        span.SetTag(GenAiNames.FinishReasons, new[] { callsTools ? GenAiNames.ToolCalls : GenAiNames.Stop });
    }

    public static void Failed(Activity? span, ErrorCode code)
    {
        span?.SetTag(RuntimeNames.ErrorType, code.ToString());
        span?.SetStatus(ActivityStatusCode.Error);
    }
}
