using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.InProcess;

/// <summary>Feature of a connection within this process: whom the host says it is made for.</summary>
internal sealed record InProcessCaller(Principal Principal);
