namespace AgentRuntime.Embedded.Retention;

/// <summary>One pruner for each store of runs that this silo serves.</summary>
internal delegate IEnumerable<Pruner> ServedPruners();
