
namespace AgentRuntime.Chaos.Faults.State;

/// <summary>A state.</summary>
[GenerateSerializer, Alias("chaos.text")]
internal sealed record StoredText
{
    [Id(0)]
    public string? Text { get; init; }
}
