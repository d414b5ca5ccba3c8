using System.Text.Json;

namespace AgentRuntime.Runs.Records;

/// <summary>A call that a model asked for.</summary>
/// <param name="Id">The model's id of the call.</param>
/// <param name="Name">The tool as the model named it.</param>
/// <param name="Arguments">The arguments; undefined kind when the model sent text that is not JSON.</param>
/// <param name="Malformed">The text when it is not a JSON object, cut at 4 KiB.</param>
public sealed record RequestedCall(string Id, string Name, JsonElement? Arguments, string? Malformed = null);
