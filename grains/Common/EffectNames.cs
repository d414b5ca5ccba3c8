namespace AgentRuntime.Common;

/// <summary>How effect classes are spelt in manifests and messages.</summary>
internal static class EffectNames
{
    public const string All = "read, idempotent or at-most-once";

    public static string Of(EffectClass effect) => effect switch
    {
        EffectClass.Read => "read",
        EffectClass.Idempotent => "idempotent",
        EffectClass.AtMostOnce => "at-most-once",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "No such effect class."),
    };

    public static EffectClass? Parse(string text) => text switch
    {
        "read" => EffectClass.Read,
        "idempotent" => EffectClass.Idempotent,
        "at-most-once" => EffectClass.AtMostOnce,
        _ => null,
    };
}
