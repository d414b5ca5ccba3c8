using AgentRuntime.Events;

namespace AgentRuntime.Slo;

/// <summary>What one delivery added.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.slo.segment")]
internal sealed record SloSegment : ISegment
{
    /// <inheritdoc/>
    [Id(0)]
    public long Number { get; init; }

    /// <summary>Minutes before it are not counted any more.</summary>
    [Id(1)]
    public long Floor { get; init; }

    [Id(2)]
    public CountedSpan[] Spans { get; init; } = [];

    [Id(3)]
    public MinuteCount[] Counts { get; init; } = [];
}

/// <summary>Seqs of a run that are counted.</summary>
/// <param name="Run">The run.</param>
/// <param name="Span">The seqs.</param>
/// <param name="LastMinute">The newest minute of them.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.slo.counted")]
internal sealed record CountedSpan([property: Id(0)] string Run, [property: Id(1)] SeqSpan Span, [property: Id(2)] long LastMinute);

/// <summary>Records of a type in a minute since 1970.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.slo.count")]
internal sealed record MinuteCount([property: Id(0)] long Minute, [property: Id(1)] string Type, [property: Id(2)] long Records);
