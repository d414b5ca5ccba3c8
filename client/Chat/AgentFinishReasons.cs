using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>Why a turn that has not ended returned.</summary>
public static class AgentFinishReasons
{
    /// <summary>Somebody has to approve a call first; <see cref="AgentApprovalContent"/> says which.</summary>
    public static ChatFinishReason WaitingForApproval { get; } = new("waiting_for_approval");

    /// <summary>The agent handed over to a person: it goes on with what the next call of the conversation says.</summary>
    public static ChatFinishReason WaitingForInput { get; } = new("waiting_for_input");
}
