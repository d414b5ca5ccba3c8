using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Client.Chat;

/// <summary>A turn of a conversation that is under way.</summary>
/// <param name="Session">The session's name.</param>
/// <param name="Run">The run that takes the turn.</param>
/// <param name="FromSeq">Records up to this one were there before the turn.</param>
internal sealed record ChatTurn(string Session, string Run, long FromSeq)
{
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
        var session = await client.Sessions.CreateSessionAsync(request, cancellationToken: cancellation);
        if (await OpenRunAsync(client, session, cancellation) is { } open)
        {
            if (turn.Text is not null) await client.SendInputAsync(open.Name, turn.Text, cancellationToken: cancellation);
            return new ChatTurn(session.Name, open.Name, open.LastSeq);
        }

        if (turn.Text is null) throw new ArgumentException($"session {session.Name}: nothing is under way; give a user message with text.", nameof(turn));
        var run = await client.StartRunAsync(agent, turn.Text, session.Name, cancellationToken: cancellation);
        return new ChatTurn(session.Name, run.Name, FromSeq: -1);
    }

    private static async Task<Run?> OpenRunAsync(AgentRuntimeClient client, Session session, CancellationToken cancellation)
    {
        if (session.NewestRun.Length == 0) return null;
        try
        {
            var newest = await client.GetRunAsync(session.NewestRun, cancellation);
            return newest.State is RunState.Completed or RunState.Failed or RunState.Cancelled ? null : newest;
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            // It is being started by somebody else; whether this turn may begin is for the session to say.
            return null;
        }
    }
}
