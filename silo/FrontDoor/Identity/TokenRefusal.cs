using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>The one form in which a credential is refused.</summary>
internal static class TokenRefusal
{
    public static AgentRuntimeException Because(string message) => new(ErrorCode.Unauthenticated, $"credential: {message}");

    /// <summary>The credential is refused, and may be good a little later.</summary>
    public static AgentRuntimeException ForNow(string message) => new(ErrorCode.Unauthenticated, $"credential: {message}", isTransient: true);
}
