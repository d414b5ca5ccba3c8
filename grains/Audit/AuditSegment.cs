using AgentRuntime.Events;

namespace AgentRuntime.Audit;

/// <summary>What one delivery brought that was new, or that contradicted what was known. It is in it alone until the states of the runs are written.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.audit.segment")]
internal sealed record AuditSegment : ISegment
{
    /// <inheritdoc/>
    [Id(0)]
    public long Number { get; init; }

    [Id(1)]
    public SeenRun[] Runs { get; init; } = [];
}

/// <summary>Records of one run.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.audit.seen")]
internal sealed record SeenRun([property: Id(0)] string Run, [property: Id(1)] SeenRecord[] Records);

/// <summary>Which segments are in the states of their runs.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.audit.checkpoint")]
internal sealed record AuditCheckpoint
{
    /// <summary>The first that is not.</summary>
    [Id(0)]
    public long NextSegment { get; init; } = 1;
}
