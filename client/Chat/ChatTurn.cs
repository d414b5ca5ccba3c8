using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Client.Chat;

/// <summary>A turn of a conversation that is under way.</summary>
/// <param name="Session">The session's name.</param>
/// <param name="Run">The run that takes the turn.</param>
/// <param name="Begin">Where the turn begins among the run's records.</param>
internal sealed record ChatTurn(string Session, string Run, TurnBegin Begin)
{
    // Somebody else who speaks in the same conversation may be faster each time.
    private const int MaxLooks = 4;

    // A run that completes does so with what the model said last.
    private const int AnswerRecords = 2;

    /// <summary>Makes the session if need be, and gives what was said to its open run, or else to a new one.</summary>
    public static async Task<ChatTurn> BeginAsync(AgentRuntimeClient client, string agent, int agentVersion, UserTurn turn, CancellationToken cancellation)
    {
        var named = turn.Conversation is null ? null : client.SessionName(turn.Conversation);
        if (named is null && turn.Text is null) throw new ArgumentException($"agent {agent}: there is nothing to answer; give a user message with text.", nameof(turn));
        var request = new CreateSessionRequest
        {
            Parent = ResourceNames.ParentOf(agent),
            SessionId = named is null ? $"chat-{AgentRuntimeClient.NewRequestId()}" : ResourceNames.IdOf(named),
            Session = new Session { Agent = agent, AgentVersion = agentVersion },
        };
        var requestId = AgentRuntimeClient.NewRequestId();
        for (var look = 1; ; look++)
        {
            // What is there already is only read.
            var session = await client.Sessions.CreateSessionAsync(request, cancellationToken: cancellation);
            var newest = await FindNewestRunAsync(client, session, cancellation);
            if (turn.Text is null) return Join(session, newest);
            try
            {
                return newest is null || HasEnded(newest)
                    ? new ChatTurn(session.Name, (await client.StartRunAsync(agent, turn.Text, session.Name, requestId, cancellation)).Name, TurnBegin.AtFirst)
                    : new ChatTurn(session.Name, (await client.SendInputAsync(newest.Name, turn.Text, requestId, cancellation)).Name, TurnBegin.At(requestId));
            }
            catch (RpcException changed) when (changed.StatusCode == StatusCode.FailedPrecondition && look < MaxLooks)
            {
                // The open run has ended since it was looked at, or somebody else has begun one.
            }
        }
    }

    private static ChatTurn Join(Session session, Run? newest) => newest switch
    {
        null => throw new ArgumentException($"session {session.Name}: nothing is under way; give a user message with text."),
        { State: RunState.WaitingForInput } => throw new ArgumentException(
            $"session {session.Name}: run {newest.Name} handed over and waits for what a person says; give a user message with text."),
        _ => new ChatTurn(session.Name, newest.Name, TurnBegin.After(HasEnded(newest) ? newest.LastSeq - AnswerRecords : newest.LastSeq)),
    };

    private static bool HasEnded(Run run) => run.State is RunState.Completed or RunState.Failed or RunState.Cancelled;

    private static async Task<Run?> FindNewestRunAsync(AgentRuntimeClient client, Session session, CancellationToken cancellation)
    {
        if (session.NewestRun.Length == 0) return null;
        try
        {
            return await client.GetRunAsync(session.NewestRun, cancellation);
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            // It is being started by somebody else; whether this turn may begin is for the session to say.
            return null;
        }
    }
}
