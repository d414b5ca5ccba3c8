namespace AgentRuntime.Agents;

/// <summary>What a model may be used for.</summary>
/// <param name="Model">Its registered name.</param>
/// <param name="DataClasses">The classes of data it may see.</param>
internal sealed record ModelClearance(string Model, IReadOnlyList<string> DataClasses);
