namespace AgentRuntime.FrontDoor;

/// <summary>Asks a store that is not on this machine for something.</summary>
/// <exception cref="Common.AgentRuntimeException">It does not answer.</exception>
internal delegate Task StoreProbe(CancellationToken cancellation);
