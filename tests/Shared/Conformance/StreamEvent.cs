namespace AgentRuntime.Testing.Conformance;

/// <summary>An event to publish.</summary>
[GenerateSerializer, Alias("test.stream-event")]
public sealed record StreamEvent
{
    [Id(0)]
    public int Number { get; init; }

    [Id(1)]
    public byte[] Padding { get; init; } = [];

    public static StreamEvent[] Range(int first, int count) => [.. Enumerable.Range(first, count).Select(static number => new StreamEvent { Number = number })];
}
