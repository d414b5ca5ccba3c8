using Microsoft.Extensions.AI;

namespace AgentRuntime.Models;

/// <summary>Reasons to end a reply beyond those that vendors know.</summary>
internal static class FinishReasons
{
    /// <summary>The model does not know how to go on: the run waits for a person's input, and the reply's text says why.</summary>
    public static ChatFinishReason Handover { get; } = new("handover");
}
