using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>What the harness asks of a silo, passed on to its grains as they are.</summary>
internal static class ControlEndpoints
{
    private const int MaxApprovals = 500;

    public static void Map(WebApplication app)
    {
        app.MapPost("/chaos/setup", (IGrainFactory grains, FunctionTools tools) => AnswerAsync(async () =>
        {
            await SetUpAsync(grains, tools);
            return "done";
        }));
        app.MapPost("/chaos/start", (StartCall call, IGrainFactory grains) => AnswerAsync(async () =>
        {
            var run = RunIds.FromRequest(ChaosCast.Tenant, call.Request);
            var view = await RunOf(grains, run).StartAsync(new StartRun(ChaosCast.Agent, 0, call.Input, call.Request, ChaosCast.Caller));
            return new StartAnswer(view.Run.Value, view.LastSeq);
        }));
        app.MapGet("/chaos/approvals", (IApprovalInbox inbox) => AnswerAsync(async () =>
        {
            var page = await inbox.ListAsync(ChaosCast.Tenant, ApprovalState.Pending, null, MaxApprovals, CancellationToken.None);
            return page.Approvals.Select(view => new PendingApproval(view.Approval.Value, view.Run, view.Kind, view.Arguments)).ToList();
        }));
        app.MapPost("/chaos/decide", (DecideCall call, IGrainFactory grains) => AnswerAsync(async () =>
        {
            var decide = new DecideApproval(ApprovalId.Parse(call.Approval), call.Verdict, "looked at what happened", call.Result, ChaosCast.Approver);
            await RunOf(grains, RunId.Parse(call.Run)).DecideAsync(decide);
            return "done";
        }));
    }

    private static IAgentRunGrain RunOf(IGrainFactory grains, RunId run) =>
        grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(ChaosCast.Tenant, run));

    private static async Task<IResult> AnswerAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return Results.Json(await work());
        }
        catch (AgentRuntimeException refusal) when (!refusal.IsTransient)
        {
            return Results.Problem(refusal.Message, statusCode: StatusCodes.Status409Conflict);
        }
        catch (Exception failure)
        {
            return Results.Problem(failure.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task SetUpAsync(IGrainFactory grains, FunctionTools tools)
    {
        await grains.GetGrain<ITenantGrain>(TenantGrainKey.For(ChaosCast.Tenant)).CreateAsync(new TenantSettings("chaos", 100_000, []));
        var pins = new List<AgentTool>();
        foreach (var tool in ScriptTool.All)
        {
            var grain = grains.GetGrain<IToolGrain>(ToolGrainKey.For(ChaosCast.Tenant, ToolId.Parse(tool.Name)));
            var draft = await grain.RegisterAsync(tools.Find(tool.Name)!.Draft() with { TimeoutMs = 5_000 }, ChaosCast.Author);
            await grain.PublishAsync(draft.Hash, ChaosCast.Reviewer);
            pins.Add(new AgentTool(tool.Name, draft.Hash));
        }

        var limits = new RunLimits { MaxRetriesPerRun = 1_000 };
        var definition = new AgentDefinition("Follow the script.", ChaosCast.Model, pins, limits, RiskLevel.Critical, [], new ContextWindow { LastTurns = 4 });
        await grains.GetGrain<IAgentGrain>(AgentGrainKey.For(ChaosCast.Tenant, AgentId.Parse(ChaosCast.Agent))).ApplyAsync(definition, ChaosCast.Author);
    }
}
