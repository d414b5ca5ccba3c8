using System.Net;

namespace AgentRuntime.FrontDoor.InProcess;

/// <summary>Where callers of this process are served. No other process reaches it.</summary>
internal sealed class InProcessEndPoint : EndPoint
{
    public const string Host = "in-process";

    public override string ToString() => Host;
}
