namespace AgentRuntime.Tools;

/// <summary>What became of an attempt. An exception from an invoker is a permanent failure whose effect is unknown.</summary>
internal abstract record ToolOutcome
{
    /// <summary>The tool answered.</summary>
    /// <param name="Result">JSON, or plain text when <paramref name="IsJson"/> is false.</param>
    /// <param name="IsJson">Whether <paramref name="Result"/> is JSON.</param>
    public sealed record Succeeded(string Result, bool IsJson) : ToolOutcome;

    /// <summary>The tool did not do it, or nobody knows.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Message">Culprit and fix, as the model and the tenant may read it.</param>
    /// <param name="IsTransient">Whether another attempt may succeed.</param>
    /// <param name="Sent">Whether the request may have reached the tool: then an at-most-once call is never repeated by itself.</param>
    public sealed record Failed(ErrorCode Code, string Message, bool IsTransient, bool Sent) : ToolOutcome;
}
