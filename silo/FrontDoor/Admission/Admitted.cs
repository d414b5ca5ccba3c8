using AgentRuntime.FrontDoor.Identity;

namespace AgentRuntime.FrontDoor.Admission;

/// <summary>Feature of a call that has passed the admission. Without it no method is reached.</summary>
/// <param name="Method">The method that the call was admitted to.</param>
/// <param name="Caller">Who makes it; null where anyone may.</param>
internal sealed record Admitted(string Method, Caller? Caller);
