namespace AgentRuntime.Image;

/// <summary>The image cannot be built, or is not what it should be. The message names the culprit and the fix.</summary>
internal sealed class ImageException(string message) : Exception(message);
