namespace AgentRuntime.Chaos.Faults;

/// <summary>Users of one port, and a model of what it promised them.</summary>
internal interface IWorkload : IAsyncDisposable
{
    string Name { get; }

    long Operations { get; }

    /// <summary>Makes what it needs, before there are faults.</summary>
    Task PrepareAsync();

    /// <summary>Works, and checks on the way, until the faults are over.</summary>
    Task RunAsync(FaultTally faults);

    /// <summary>Checks what is left, after the faults.</summary>
    Task CheckAsync();
}
