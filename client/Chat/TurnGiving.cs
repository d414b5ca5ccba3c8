using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Client.Chat;

/// <summary>Gives what was said to a run of a session. A run knows a request that it was started or given input by, and does nothing for it again.</summary>
internal sealed class TurnGiving(AgentRuntimeClient client, Session session, string text, string requestId)
{
    public async Task<ChatTurn> StartAsync(CancellationToken cancellation) =>
        new(session.Name, (await client.StartRunAsync(session.Agent, text, session.Name, requestId, cancellation)).Name, TurnBegin.AtFirst);

    public async Task<ChatTurn> SendAsync(Run run, CancellationToken cancellation) =>
        new(session.Name, (await client.SendInputAsync(run.Name, text, requestId, cancellation)).Name, TurnBegin.At(requestId));

    /// <summary>The turn that the request began earlier: it started the run that is open now, or an ended run has its input. Null for none.</summary>
    public async Task<ChatTurn?> FindAsync(Run newest, bool hasEnded, CancellationToken cancellation)
    {
        try
        {
            return hasEnded ? await SendAsync(newest, cancellation) : await StartAsync(cancellation);
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            return null;
        }
    }
}
