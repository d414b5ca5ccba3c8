using AgentRuntime.Common;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Sessions;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Runs;

/// <summary>The service Runs: maps and calls, nothing else.</summary>
internal sealed class RunsApi(IGrainFactory grains, IRunCatalog catalog, RunWatch watch, RunExport export, WatchSlots slots) : V1.Runs.RunsBase
{
    public override async Task<V1.Run> StartRun(V1.StartRunRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var agent = ResourceName.Agent(request.Agent, caller.Tenant, "agent");
        if (request.AgentVersion < 0) throw new InvalidInputException("agent_version", "must be a version, or 0 for the newest.");
        var requestId = Input.RequestId(request.RequestId);
        var command = new StartRun(
            agent.Value,
            request.AgentVersion,
            Input.Text(request.Input, "input", FrontDoorLimits.MaxInputBytes),
            requestId,
            caller.Principal,
            Input.OnBehalfOf(request.OnBehalfOf),
            TraceParent: TraceContext.Current);
        var view = request.Session.Length == 0
            ? await Grain(caller.Tenant, RunIds.FromRequest(caller.Tenant, requestId)).StartAsync(command, context.CancellationToken)
            : await Session(caller.Tenant, ResourceName.Session(request.Session, caller.Tenant, "session")).StartAsync(command, context.CancellationToken);
        return RunMapping.ToWire(view, caller.Tenant);
    }

    public override async Task<V1.Run> ForkRun(V1.ForkRunRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var parent = ResourceName.Run(request.Name, caller.Tenant);
        if (request.HasAtSeq && request.AtSeq < 0) throw new InvalidInputException("at_seq", "must be a seq, or absent for the newest.");
        var requestId = Input.RequestId(request.RequestId);
        var command = new ForkRun(
            parent,
            request.HasAtSeq ? request.AtSeq : -1,
            request.Live,
            request.Input.Length == 0 ? null : Input.Text(request.Input, "input", FrontDoorLimits.MaxInputBytes),
            requestId,
            caller.Principal,
            Input.OnBehalfOf(request.OnBehalfOf),
            TraceContext.Current);
        var run = RunIds.FromRequest(caller.Tenant, requestId);
        return RunMapping.ToWire(await Grain(caller.Tenant, run).ForkAsync(command, context.CancellationToken), caller.Tenant);
    }

    public override async Task<V1.Run> SendInput(V1.SendInputRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var run = ResourceName.Run(request.Name, caller.Tenant);
        var command = new SendInput(
            Input.Text(request.Input, "input", FrontDoorLimits.MaxInputBytes), Input.RequestId(request.RequestId), caller.Principal);
        return RunMapping.ToWire(await Grain(caller.Tenant, run).SendAsync(command, context.CancellationToken), caller.Tenant);
    }

    public override async Task<V1.Run> GetRun(V1.GetRunRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var run = ResourceName.Run(request.Name, caller.Tenant);
        var view = await Grain(caller.Tenant, run).GetAsync(context.CancellationToken);
        return view is null ? throw Missing.Resource("run", run.Value) : RunMapping.ToWire(view, caller.Tenant);
    }

    public override async Task<V1.ListRunsResponse> ListRuns(V1.ListRunsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var query = RunListing.Read(request, caller.Tenant);
        var page = await catalog.ListAsync(caller.Tenant, query, context.CancellationToken);
        var response = new V1.ListRunsResponse { Runs = { page.Runs.Select(RunMapping.ToWire) } };
        if (page.Next is { } next) response.NextPageToken = RunListing.Next(query, caller.Tenant, next);
        return response;
    }

    public override async Task WatchRun(V1.WatchRunRequest request, IServerStreamWriter<V1.WatchRunResponse> responseStream, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var run = new RunKey(caller.Tenant, ResourceName.Run(request.Name, caller.Tenant));
        if (request.HasAfterSeq && request.AfterSeq < 0) throw new InvalidInputException("after_seq", "must be a seq, or absent to begin with the first.");
        using var slot = slots.Enter(caller, context.CancellationToken);
        var fromSeq = request.HasAfterSeq ? request.AfterSeq + 1 : 0;
        await slot.RunAsync(cancellation => watch.SendAsync(run, fromSeq, request.IncludeDeltas, responseStream, cancellation));
    }

    public override async Task ExportRun(V1.ExportRunRequest request, IServerStreamWriter<V1.ExportRunResponse> responseStream, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var run = new RunKey(caller.Tenant, ResourceName.Run(request.Name, caller.Tenant));
        using var slot = slots.Enter(caller, context.CancellationToken);
        await slot.RunAsync(cancellation => export.SendAsync(run, line => responseStream.WriteAsync(new V1.ExportRunResponse { Line = line }, cancellation), cancellation));
    }

    public override Task<V1.Run> CancelRun(V1.ControlRunRequest request, ServerCallContext context) => ControlAsync(RunControl.Cancel, request, context);

    public override Task<V1.Run> PauseRun(V1.ControlRunRequest request, ServerCallContext context) => ControlAsync(RunControl.Pause, request, context);

    public override Task<V1.Run> ResumeRun(V1.ControlRunRequest request, ServerCallContext context) => ControlAsync(RunControl.Resume, request, context);

    public override Task<V1.Run> KillRun(V1.ControlRunRequest request, ServerCallContext context) => ControlAsync(RunControl.Kill, request, context);

    private async Task<V1.Run> ControlAsync(RunControl control, V1.ControlRunRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var run = ResourceName.Run(request.Name, caller.Tenant);
        var command = new ControlRun(control, Input.Reason(request.Reason, required: false), caller.Principal);
        return RunMapping.ToWire(await Grain(caller.Tenant, run).ControlAsync(command, context.CancellationToken), caller.Tenant);
    }

    private ISessionGrain Session(TenantId tenant, SessionId session) => grains.GetGrain<ISessionGrain>(SessionGrainKey.For(tenant, session));

    private IAgentRunGrain Grain(TenantId tenant, RunId run) => grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(tenant, run));
}
