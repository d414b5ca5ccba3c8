namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>What a silo may be doing for a run, or for itself, when it is killed.</summary>
internal enum Phase
{
    /// <summary>Records are made and not yet handed to the store.</summary>
    BeforeAppend,

    /// <summary>Records are durable and whoever appended does not know yet.</summary>
    AfterAppend,

    /// <summary>A tool call is under way.</summary>
    InCall,

    /// <summary>The tool has answered and nothing is recorded.</summary>
    AfterEffect,

    /// <summary>The silo starts.</summary>
    InStart,
}
