using System.Text.Json;

namespace AgentRuntime.Benchmarks;

/// <summary>How figures are printed: one object a line, snake case.</summary>
internal static class FigureJson
{
    public static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
