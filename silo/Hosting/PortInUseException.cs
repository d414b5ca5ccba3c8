using AgentRuntime.Common;

namespace AgentRuntime.Hosting;

/// <summary>A port that the silo needs cannot be had.</summary>
internal sealed class PortInUseException(string message, Exception inner) : AgentRuntimeException(ErrorCode.Unavailable, message, inner: inner);
