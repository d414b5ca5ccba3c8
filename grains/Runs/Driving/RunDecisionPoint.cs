namespace AgentRuntime.Runs.Driving;

/// <summary>Which attempt of which step a model call is.</summary>
internal readonly record struct RunDecisionPoint(int Step, int Attempt);
