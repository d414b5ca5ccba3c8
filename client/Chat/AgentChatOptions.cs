using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>
/// How an agent behaves as a chat client.
/// <list type="bullet">
/// <item><description><b>Cancelling</b> a call ends the waiting. The turn is a durable run and goes on; the next call of the conversation gives its input to it, or
/// begins another run of the conversation if it has ended by then. To stop it, call <see cref="AgentRuntimeClient.CancelRunAsync"/> with <see cref="ChatResponseUpdate.ResponseId"/>, which is the run's name on every update from
/// the first on.</description></item>
/// <item><description><b>Approvals</b> are decided by other people than the caller, elsewhere. While one is open the call returns with
/// <see cref="AgentFinishReasons.WaitingForApproval"/> and an <see cref="AgentApprovalContent"/> for each; a call without messages waits for the rest of the
/// turn, or returns it if it is there already; <see cref="ChatOptions.ContinuationToken"/>, taken from the last response or update, tells it which approvals the
/// caller knows. Without it, those asked after the last decision are taken for new. One with messages gives them to the run. With <see cref="WaitsForApprovals"/> it does not return before they are decided.</description></item>
/// <item><description><b>A lost attempt</b>: streamed text of an attempt of the model that came to nothing cannot be taken back. Each attempt has a
/// <see cref="ChatResponseUpdate.MessageId"/> of its own, and a <see cref="VoidedMessageContent"/> says when one is void; see
/// <see cref="VoidedMessages.RemoveVoided"/>.</description></item>
/// </list>
/// </summary>
public sealed class AgentChatOptions
{
    /// <summary>
    /// The key of <see cref="ChatOptions.AdditionalProperties"/> under which a call may have a request id, a string of 1 to 128 visible ASCII characters. The same call again, also
    /// after a restart of the program, is then the same turn, as long as the run that took it is the newest of its conversation or was started by it.
    /// A call without <see cref="ChatOptions.ConversationId"/> begins the same conversation again.
    /// </summary>
    public const string RequestIdKey = "agentruntime.request_id";

    /// <summary>The version of the agent for conversations that begin here; those that have begun keep theirs. 0, the default, is the newest at each turn.</summary>
    public int AgentVersion { get; set; }

    /// <summary>Whether a call returns only once every approval is decided, which may take a day. Default: it returns and says what waits.</summary>
    public bool WaitsForApprovals { get; set; }
}
