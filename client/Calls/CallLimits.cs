namespace AgentRuntime.Client.Calls;

/// <summary>How long a call may take, and for how long of it a call that found nobody is repeated.</summary>
internal sealed record CallLimits(TimeSpan Deadline, TimeSpan Patience);
