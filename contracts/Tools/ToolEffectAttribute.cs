using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>Says what may happen to a call of a method whose outcome a crash has hidden. Without it the host does not start.</summary>
/// <param name="effect">The effect class. A contract may be stricter, never looser.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolEffectAttribute(EffectClass effect) : Attribute
{
    /// <summary>The effect class.</summary>
    public EffectClass Effect { get; } = effect;
}
