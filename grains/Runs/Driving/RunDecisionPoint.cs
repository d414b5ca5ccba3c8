namespace AgentRuntime.Runs.Driving;

/// <summary>Which attempt of which step a model call is, and the newest record that the model sees.</summary>
internal readonly record struct RunDecisionPoint(int Step, int Attempt, long SeenSeq);
