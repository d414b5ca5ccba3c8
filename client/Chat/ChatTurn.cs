using System.Security.Cryptography;
using System.Text;
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
            SessionId = named is null ? NewSessionId(turn.RequestId) : ResourceNames.IdOf(named),
            Session = new Session { Agent = agent, AgentVersion = agentVersion },
        };
        var requestId = turn.RequestId ?? AgentRuntimeClient.NewRequestId();
        for (var look = 1; ; look++)
        {
            var session = await OpenSessionAsync(client, request, mayExist: named is not null || turn.RequestId is not null, cancellation);
            if (turn is { Text: null, Read: { } read }) return new ChatTurn(session.Name, read.Run, TurnBegin.After(read.Seq));
            var newest = await FindNewestRunAsync(client, session, cancellation);
            if (turn.Text is null) return Join(session, newest);
            var giving = new TurnGiving(client, session, turn.Text, requestId);
            try
            {
                // Said before, it is where the run as it is now would not take it for the first time.
                if (turn.RequestId is not null && newest is not null && await giving.FindAsync(newest, HasEnded(newest), cancellation) is { } before) return before;
                return newest is null || HasEnded(newest) ? await giving.StartAsync(cancellation) : await giving.SendAsync(newest, cancellation);
            }
            catch (RpcException changed) when (changed.StatusCode == StatusCode.FailedPrecondition && look < MaxLooks)
            {
                // The open run has ended since it was looked at, or somebody else has begun one.
            }
        }
    }

    /// <summary>The session as it is, whichever version of the agent it began with; another agent's is for the server to refuse.</summary>
    private static async Task<Session> OpenSessionAsync(AgentRuntimeClient client, CreateSessionRequest request, bool mayExist, CancellationToken cancellation)
    {
        if (mayExist)
        {
            try
            {
                var found = await client.Sessions.GetSessionAsync(new GetSessionRequest { Name = $"{request.Parent}/sessions/{request.SessionId}" }, cancellationToken: cancellation);
                if (found.Agent == request.Session.Agent) return found;
            }
            catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
            {
                // The first turn of a conversation that the caller has named.
            }
        }

        return await client.Sessions.CreateSessionAsync(request, cancellationToken: cancellation);
    }

    private static string NewSessionId(string? requestId) =>
        $"chat-{(requestId is null ? AgentRuntimeClient.NewRequestId() : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)))[..32])}";

    private static ChatTurn Join(Session session, Run? newest) => newest switch
    {
        null => throw new ArgumentException($"session {session.Name}: nothing is under way; give a user message with text."),
        { State: RunState.WaitingForInput } => throw new ArgumentException(
            $"session {session.Name}: run {newest.Name} handed over and waits for what a person says; give a user message with text."),
        _ => new ChatTurn(session.Name, newest.Name, HasEnded(newest) ? TurnBegin.After(newest.LastSeq - AnswerRecords) : TurnBegin.ProbablyAfter(newest.LastSeq)),
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
