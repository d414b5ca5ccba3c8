namespace AgentRuntime.Runs.Driving;

/// <summary>Who causes records that no principal asked for.</summary>
internal static class Actors
{
    public const string Runtime = "runtime";

    public static string Model(string model) => $"model|{model}";

    public static string Tool(string tool) => $"tool|{tool}";
}
