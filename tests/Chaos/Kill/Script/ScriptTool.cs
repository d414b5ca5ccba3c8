using AgentRuntime.Common;

namespace AgentRuntime.Chaos.Kill.Script;

/// <summary>A tool that scripts call.</summary>
internal sealed record ScriptTool(string Name, RiskLevel Risk, EffectClass Effect)
{
    public static readonly ScriptTool Look = new("look", RiskLevel.Read, EffectClass.Read);
    public static readonly ScriptTool Put = new("put", RiskLevel.Write, EffectClass.Idempotent);
    public static readonly ScriptTool Send = new("send", RiskLevel.Write, EffectClass.AtMostOnce);

    /// <summary>Waits for a person before it is called.</summary>
    public static readonly ScriptTool Pay = new("pay", RiskLevel.WriteHigh, EffectClass.AtMostOnce);

    public static IReadOnlyList<ScriptTool> All { get; } = [Look, Put, Send, Pay];

    public bool HasEffect => Effect != EffectClass.Read;

    public bool IsAtMostOnce => Effect == EffectClass.AtMostOnce;

    public static ScriptTool Of(string name) => All.First(tool => tool.Name == name);
}
