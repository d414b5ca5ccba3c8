using System.Reflection;

namespace AgentRuntime.FrontDoor;

/// <summary>The header of answers that says which version answered; only to whom has shown a credential.</summary>
internal static class VersionHeader
{
    public const string Name = "agentruntime-version";

    public static string Value { get; } =
        typeof(VersionHeader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
