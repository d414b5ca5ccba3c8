namespace AgentRuntime.Slo;

/// <summary>Everything that was counted before a segment.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.slo.checkpoint")]
internal sealed record SloCheckpoint
{
    /// <summary>The first segment that is not in it.</summary>
    [Id(0)]
    public long NextSegment { get; init; } = 1;

    [Id(1)]
    public long Floor { get; init; }

    [Id(2)]
    public CountedSpan[] Spans { get; init; } = [];

    [Id(3)]
    public MinuteCount[] Counts { get; init; } = [];
}
