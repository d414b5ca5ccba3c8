namespace AgentRuntime.Testing.Conformance;

/// <summary>A state to store.</summary>
[GenerateSerializer, Alias("test.order")]
public sealed record Order
{
    [Id(0)]
    public string? Item { get; init; }

    [Id(1)]
    public int Count { get; init; }
}
