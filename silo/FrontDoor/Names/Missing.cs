using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Names;

/// <summary>The one way to say that a resource is not there, whether it never was or is another tenant's.</summary>
internal static class Missing
{
    public static AgentRuntimeException Resource(string kind, string id) =>
        new(ErrorCode.NotFound, $"{kind} '{id}': not found in this tenant; list to see what there is.");
}
