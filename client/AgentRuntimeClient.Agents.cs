using AgentRuntime.Client.Chat;
using AgentRuntime.Client.Functions;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Client;

/// <content>Agents as what other .NET code for models knows.</content>
public sealed partial class AgentRuntimeClient
{
    /// <summary>
    /// An agent as a chat client. A conversation is a session: <see cref="ChatOptions.ConversationId"/> of an answer goes into the next call, and each
    /// call sends what the user said since the last answer and nothing else, because the session has the rest. What the runtime does with a call that
    /// needs an approval, with a lost piece of an answer and with a cancelled call is said at <see cref="AgentChatOptions"/>.
    /// </summary>
    /// <param name="agent">The agent's name, or its id where the client knows the tenant.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>Safe for concurrent use. Disposing of it disposes of nothing.</returns>
    public IChatClient AsChatClient(string agent, AgentChatOptions? options = null) =>
        new AgentChatClient(this, _names.Of("agents", agent), options ?? new AgentChatOptions());

    /// <summary>
    /// An agent as a function that another agent's model can call, of whatever framework. Each call is a run of its own; it returns the run's answer
    /// and waits for approvals as long as they take. Cancelling the call leaves the run going.
    /// </summary>
    /// <param name="agent">The agent's name, or its id where the client knows the tenant.</param>
    /// <param name="options">What the calling model is told; null for the defaults.</param>
    public AIFunction AsAIFunction(string agent, AgentFunctionOptions? options = null) =>
        new AgentFunction(this, _names.Of("agents", agent), options ?? new AgentFunctionOptions());

    internal string SessionName(string session) => _names.Of("sessions", session);
}
