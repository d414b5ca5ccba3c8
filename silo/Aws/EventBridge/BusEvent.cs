namespace AgentRuntime.Aws.EventBridge;

/// <summary>An event for a bus.</summary>
/// <param name="Source">Who it is from; not <c>aws.</c> something.</param>
/// <param name="Type">Its detail-type.</param>
/// <param name="Time">When it happened, to the second.</param>
/// <param name="Detail">A JSON object.</param>
internal sealed record BusEvent(string Source, string Type, DateTimeOffset Time, string Detail);
