using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Cli.Runs;

/// <summary>The verbs of <c>run</c>.</summary>
internal static class RunCommands
{
    private static readonly Argument<string> Run = new("RUN") { Description = "Its id or whole name" };
    private static readonly Option<string?> InputText = new("--input") { Description = "The input as text" };
    private static readonly Option<string?> InputFile = new("--file") { Description = "A file that holds the input; - reads stdin" };
    private static readonly Option<string?> RequestId = new("--request-id") { Description = "Makes a repetition safe: the same id and body again change nothing; another body is refused. Default: a random one" };
    private static readonly Option<bool> Follow = new("--watch") { Description = "Follow the run until it ends" };

    public static Command Create() => Verb.Noun(
        "run",
        "Durable runs of agents.",
        Start(),
        Verb.Of("get", "A run as it is now.", async (on, parsed, cancellation) =>
            Show(on, await on.Client.Runs.GetRunAsync(new GetRunRequest { Name = NameOf(on, parsed) }, cancellationToken: cancellation)), Run),
        List(),
        RunWatching.Create(Run),
        Send(),
        RunForking.Create(Run, InputText, InputFile, RequestId),
        RunExporting.Export(Run),
        RunExporting.View(),
        Control("cancel", "Stop a run and tell the call that it is making to stop.", (runs, request, cancellation) => runs.CancelRunAsync(request, cancellationToken: cancellation)),
        Control("pause", "Take no further step until resumed.", (runs, request, cancellation) => runs.PauseRunAsync(request, cancellationToken: cancellation)),
        Control("resume", "Let a paused run go on.", (runs, request, cancellation) => runs.ResumeRunAsync(request, cancellationToken: cancellation)),
        Control("kill", "Stop a run at once, whatever it is doing.", (runs, request, cancellation) => runs.KillRunAsync(request, cancellationToken: cancellation)));

    private static Command Start()
    {
        var agent = new Argument<string>("AGENT") { Description = "The agent's id or whole name" };
        var version = new Option<int>("--agent-version") { Description = "A version of the agent; 0 is the newest" };
        var onBehalfOf = new Option<string?>("--on-behalf-of") { Description = "The end user for whom the run is; that person cannot approve its calls" };
        var session = new Option<string?>("--session") { Description = "The conversation to go on with" };
        return Verb.Of(
            "start",
            "Start a run. It is durable when this answers.",
            async (on, parsed, cancellation) =>
            {
                var request = new StartRunRequest
                {
                    Parent = on.Parent,
                    Agent = on.Name("agents", parsed.GetRequiredValue(agent)),
                    AgentVersion = parsed.GetValue(version),
                    Input = await InputReader.ReadAsync(parsed.GetValue(InputText), parsed.GetValue(InputFile), cancellation),
                    RequestId = parsed.GetValue(RequestId) ?? InputReader.NewRequestId(),
                    OnBehalfOf = parsed.GetValue(onBehalfOf) ?? "",
                    Session = parsed.GetValue(session) is { } named ? on.Name("sessions", named) : "",
                };
                var run = await on.Client.Runs.StartRunAsync(request, cancellationToken: cancellation);
                Show(on, run);
                if (parsed.GetValue(Follow)) await RunWatching.FollowAsync(on, run.Name, afterSeq: null, deltas: false, cancellation);
            },
            agent, InputText, InputFile, RequestId, version, session, onBehalfOf, Follow);
    }

    private static Command Send() => Verb.Of(
        "send",
        "Give input to a run that waits or works.",
        async (on, parsed, cancellation) =>
        {
            var request = new SendInputRequest
            {
                Name = NameOf(on, parsed),
                Input = await InputReader.ReadAsync(parsed.GetValue(InputText), parsed.GetValue(InputFile), cancellation),
                RequestId = parsed.GetValue(RequestId) ?? InputReader.NewRequestId(),
            };
            Show(on, await on.Client.Runs.SendInputAsync(request, cancellationToken: cancellation));
        },
        Run, InputText, InputFile, RequestId);

    private static Command List()
    {
        var state = new Option<string?>("--state") { Description = "Only runs that stand so, for example waiting-for-approval" };
        var agent = new Option<string?>("--agent") { Description = "Only runs of this agent" };
        var filter = new Option<string>("--filter") { Description = "Conditions on agent, state and start_time, joined by AND: state = FAILED AND start_time > \"2026-03-01T00:00:00Z\"", DefaultValueFactory = _ => "" };
        var order = new Option<string>("--order-by") { Description = "start_time desc (the default) or start_time asc", DefaultValueFactory = _ => "" };
        var limit = Paging.Limit();
        return Verb.Of(
            "list",
            "The runs of the tenant, newest first.",
            async (on, parsed, cancellation) =>
            {
                var request = new ListRunsRequest
                {
                    Parent = on.Parent,
                    State = Words.Parse<RunState>(parsed.GetValue(state), "--state"),
                    Agent = parsed.GetValue(agent) is { } named ? on.Name("agents", named) : "",
                    Filter = parsed.GetRequiredValue(filter),
                    OrderBy = parsed.GetRequiredValue(order),
                };
                var isFiltered = request.State != RunState.Unspecified || request.Agent.Length > 0 || request.Filter.Length > 0;
                var runs = await Paging.ReadAsync<RunSummary>(parsed.GetValue(limit), async (size, token) =>
                {
                    request.PageSize = size;
                    request.PageToken = token;
                    var page = await on.Client.Runs.ListRunsAsync(request, cancellationToken: cancellation);
                    return (page.Runs, page.NextPageToken);
                });
                on.Print.List(
                    runs,
                    isFiltered ? $"No run of tenant {on.Tenant} matches." : $"No runs of tenant {on.Tenant}.",
                    ("RUN", run => Connection.IdOf(run.Name)),
                    ("AGENT", run => Connection.IdOf(run.Agent)),
                    ("STATE", run => Words.Of(run.State)),
                    ("STARTED", run => Words.Of(run.StartTime)),
                    ("ENDED", run => Words.Of(run.EndTime)));
            },
            state, agent, filter, order, limit);
    }

    private static Command Control(
        string name, string description, Func<V1.Runs.RunsClient, ControlRunRequest, CancellationToken, AsyncUnaryCall<Run>> call)
    {
        var reason = new Option<string?>("--reason") { Description = "Why; it is recorded" };
        return Verb.Of(
            name,
            description,
            async (on, parsed, cancellation) =>
            {
                var request = new ControlRunRequest { Name = NameOf(on, parsed), Reason = parsed.GetValue(reason) ?? "" };
                Show(on, await call(on.Client.Runs, request, cancellation));
            },
            Run, reason);
    }

    private static string NameOf(Connection on, ParseResult parsed) => on.Name("runs", parsed.GetRequiredValue(Run));

    internal static void Show(Connection on, Run run) => on.Print.One(
        run,
        ("run", Connection.IdOf(run.Name)),
        ("agent", $"{Connection.IdOf(run.Agent)} (version {run.AgentVersion})"),
        ("state", Words.Of(run.State)),
        ("steps", $"{run.Steps}"),
        ("session", run.Session.Length == 0 ? null : Connection.IdOf(run.Session)),
        ("started", Words.Of(run.StartTime)),
        ("ended", Words.Of(run.EndTime)),
        ("forked from", run.ForkedFrom is { } fork ? $"{Connection.IdOf(fork.Run)} at {fork.Seq}{(fork.Live ? ", live" : "")}" : null),
        ("output", run.Output),
        ("error", run.Error is null ? null : $"{run.Error.Code}: {run.Error.Message}"),
        ("reason", run.Reason));
}
