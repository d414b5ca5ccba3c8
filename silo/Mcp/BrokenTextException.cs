using System.Text.Json;

namespace AgentRuntime.Mcp;

/// <summary>A server wrote half of a surrogate pair, which JSON can escape and which is no text: it can be neither kept nor shown to a model.</summary>
internal sealed class BrokenTextException(Exception inner) : JsonException("it holds half of a surrogate pair, which is no text", inner);
