using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Lists;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Sessions;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Sessions;

/// <summary>The service Sessions: maps and calls, nothing else.</summary>
internal sealed class SessionsApi(IGrainFactory grains, ISessionCatalog catalog, TranscriptReader transcripts) : V1.Sessions.SessionsBase
{
    private const int DefaultTurns = 10;
    private const int MaxTurns = 50;

    public override async Task<V1.Session> CreateSession(V1.CreateSessionRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var session = SessionId.Parse(request.SessionId, "session_id");
        if (request.Session is null) throw new InvalidInputException("session", "must be set.");
        if (request.Session.AgentVersion < 0) throw new InvalidInputException("session.agent_version", "must be a version, or 0 for the newest.");
        var agent = ResourceName.Agent(request.Session.Agent, caller.Tenant, "session.agent");
        var view = await Grain(caller.Tenant, session).CreateAsync(
            new CreateSession(agent.Value, request.Session.AgentVersion, caller.Principal), context.CancellationToken);
        return SessionMapping.ToWire(view, caller.Tenant);
    }

    public override async Task<V1.Session> GetSession(V1.GetSessionRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        return SessionMapping.ToWire(await RequireAsync(caller.Tenant, request.Name, context.CancellationToken), caller.Tenant);
    }

    public override async Task<V1.ListSessionsResponse> ListSessions(V1.ListSessionsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var matches = MessageFilter.Compile(request.Filter, V1.Session.Descriptor, "agent", "create_time");
        var query = $"sessions|{caller.Tenant}|{request.Filter}";
        var (sessions, next) = await FilteredPage.ReadAsync(
            query, request.PageSize, request.PageToken, (after, limit, cancellation) => ReadAsync(caller.Tenant, after, limit, cancellation), matches, context.CancellationToken);
        return new V1.ListSessionsResponse { Sessions = { sessions }, NextPageToken = next };
    }

    public override async Task<V1.Transcript> GetTranscript(V1.GetTranscriptRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (request.PageSize is < 0 or > MaxTurns) throw new InvalidInputException("page_size", $"must be 1 to {MaxTurns}, or 0 for {DefaultTurns}.");
        var session = await RequireAsync(caller.Tenant, request.Name, context.CancellationToken);
        var query = $"transcript|{caller.Tenant}|{session.Session}";
        var newest = PageToken.Read(query, request.PageToken) is { } before ? RunId.Parse(before) : session.NewestRun;
        if (newest is not { } from) return new V1.Transcript();
        var size = request.PageSize == 0 ? DefaultTurns : request.PageSize;
        var (turns, next) = await transcripts.ReadAsync(new RunKey(caller.Tenant, from), size, context.CancellationToken);
        if (turns.Count == 0 && session.RunBefore is { } earlier && from == session.NewestRun)
            (turns, next) = await transcripts.ReadAsync(new RunKey(caller.Tenant, earlier), size, context.CancellationToken);
        var response = new V1.Transcript { Turns = { turns.Select(turn => SessionMapping.ToWire(turn, caller.Tenant)) } };
        if (next is { } run && turns.Count > 0) response.NextPageToken = PageToken.Write(query, run.Value);
        return response;
    }

    private async Task<(IReadOnlyList<V1.Session> Sessions, string? Next)> ReadAsync(TenantId tenant, string? after, int limit, CancellationToken cancellation)
    {
        var ids = await catalog.ListAsync(tenant, after, limit + 1, cancellation);
        var views = await Task.WhenAll(ids.Take(limit).Select(id => Grain(tenant, id).GetAsync(cancellation)));
        return ([.. views.OfType<SessionView>().Select(view => SessionMapping.ToWire(view, tenant))], ids.Count > limit ? ids[limit - 1].Value : null);
    }

    private async Task<SessionView> RequireAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        var session = ResourceName.Session(name, tenant);
        return await Grain(tenant, session).GetAsync(cancellation) ?? throw Missing.Resource("session", session.Value);
    }

    private ISessionGrain Grain(TenantId tenant, SessionId session) => grains.GetGrain<ISessionGrain>(SessionGrainKey.For(tenant, session));
}
