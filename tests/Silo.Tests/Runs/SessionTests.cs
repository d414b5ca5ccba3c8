using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.Sessions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Storage;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class SessionTests(RunHost host)
{
    private static int _sessions;

    [Fact]
    public async Task ThreeTurns_EachBeginsWithWhatWasSaid()
    {
        var session = await NewSessionAsync();
        var shown = new List<string>();
        Script(session, turn =>
        {
            shown.Add(string.Join(" | ", turn.Messages.Skip(1).Select(message => $"{message.Role}: {message.Text}")));
            return Reply.Text($"answer to {turn.Messages[^1].Text}");
        });
        foreach (var text in new[] { First(session), "two", "three" }) await EndedAsync(await StartAsync(session, text));

        Assert.Equal($"user: {First(session)} | assistant: answer to {First(session)} | user: two | assistant: answer to two | user: three", shown[2]);
        Assert.Equal(3, shown.Count);
        Assert.Equal(3, (await Grain(session).GetAsync(TestContext.Current.CancellationToken))!.Runs);
        var (turns, before) = await TranscriptAsync(session);
        Assert.Null(before);
        Assert.Equal([First(session), $"answer to {First(session)}", "two", "answer to two", "three", "answer to three"],
            turns.SelectMany(turn => turn.Messages).Select(message => message.Text));
    }

    [Fact]
    public async Task History_IsNoLongerThanTheContextWindow()
    {
        var agent = await host.Silo.AddAgentAsync(context: new AgentRuntime.Agents.ContextWindow { LastTurns = 2 });
        var session = await NewSessionAsync(agent);
        var seen = 0;
        ChatResponse Answer(ModelTurn turn)
        {
            seen = turn.Messages.Count;
            return Reply.Text("ok");
        }

        foreach (var text in new[] { $"{session} one", $"{session} two", $"{session} three" })
        {
            Script(session, Answer, $"{session} one");
            Script(session, Answer, $"{session} two");
            await EndedAsync(await StartAsync(session, text, agent: agent));
        }

        // Instructions, two messages of before, and the input.
        Assert.Equal(4, seen);
        Assert.Equal(3, (await TranscriptAsync(session)).Turns.Count);
    }

    [Fact]
    public async Task SameRequest_GivesTheSameRunAndAnotherBodyIsRefused()
    {
        var session = await NewSessionAsync();
        Script(session, _ => Reply.Text("ok"));
        var first = await StartAsync(session, First(session), "again");
        Assert.Equal(first.Run, (await StartAsync(session, First(session), "again")).Run);
        await EndedAsync(first);
        Assert.Equal(first.Run, (await StartAsync(session, First(session), "again")).Run);
        Assert.Equal(1, (await Grain(session).GetAsync(TestContext.Current.CancellationToken))!.Runs);
        await RefusedAsync(ErrorCode.AlreadyExists, "another body", () => StartAsync(session, "other", "again"));
    }

    [Fact]
    public async Task OpenRun_RefusesTheNextTurnUntilItEnds()
    {
        var session = await NewSessionAsync();
        Script(session, turn => turn.Messages[^1].Text == "yes" ? Reply.Text("done") : Reply.HandOver("are you sure?"));
        var first = await StartAsync(session, First(session));
        await Of(first).AsleepAsync();
        await RefusedAsync(ErrorCode.FailedPrecondition, first.Run.Value, () => StartAsync(session, "two"));

        await Of(first).SendAsync("yes", "answer");
        await EndedAsync(first);
        var second = await StartAsync(session, "three");
        Assert.Equal(session.Value, second.Session);
        var turns = (await TranscriptAsync(session)).Turns;
        Assert.Equal([First(session), "are you sure?", "yes", "done"], turns[0].Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task NewVersionWithoutTheDataClassOfWhatWasSaid_IsNotShownIt()
    {
        var agent = await host.Silo.AddAgentAsync();
        await ApplyAsync(agent, definition => definition with { DataClasses = ["secret"], Tools = [] });
        var session = await NewSessionAsync(agent);
        Script(session, _ => Reply.Text("ok"));
        await EndedAsync(await StartAsync(session, First(session), agent: agent));
        await ApplyAsync(agent, definition => definition with { DataClasses = [] });
        await RefusedAsync(ErrorCode.FailedPrecondition, "data class secret", () => StartAsync(session, "two", agent: agent));

        await ApplyAsync(agent, definition => definition with { DataClasses = ["secret"], Instructions = "Work again." });
        await EndedAsync(await StartAsync(session, "three", agent: agent));
        Assert.Equal(2, (await Grain(session).GetAsync(TestContext.Current.CancellationToken))!.Runs);
    }

    [Fact]
    public async Task StartThatIsRefused_LeavesTheConversationAsItWas()
    {
        var session = await NewSessionAsync();
        Script(session, _ => Reply.Text("ok"));
        await EndedAsync(await StartAsync(session, First(session)));
        var tooLarge = new string('x', 1024 * 1024 + 1);
        await RefusedAsync(ErrorCode.InvalidArgument, "input", () => StartAsync(session, tooLarge));
        await RefusedAsync(ErrorCode.InvalidArgument, "agent", () => StartAsync(session, "two", agent: "somebody"));

        Assert.Equal(2, (await RecordOf(await StartAsync(session, "two"))).Place!.Number);
    }

    [Fact]
    public async Task StartThatNeverCameThrough_IsLeftOut()
    {
        var session = await NewSessionAsync();
        Script(session, _ => Reply.Text("ok"));
        var first = await StartAsync(session, First(session));
        await EndedAsync(first);
        // As after a crash between the two writes: a session whose newest run does not exist.
        var crashed = SessionId.Parse($"{session}-crashed");
        var storage = host.Silo.Get<IServiceProvider>().GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        await storage.WriteStateAsync("session", Grain(crashed).GetGrainId(), new GrainState<SessionState>
        {
            State = new SessionState { Agent = RunCast.Agent, Runs = 2, Newest = "never-started", BeforeNewest = first.Run.Value },
        });

        var place = (await RecordOf(await StartAsync(crashed, "two"))).Place!;
        Assert.Equal((2, first.Run.Value), (place.Number, place.Previous));
    }

    [Fact]
    public async Task Create_AgainOrWithAnotherAgent_IsTheSameOrRefused()
    {
        var session = await NewSessionAsync();
        Assert.Equal(RunCast.Agent, (await Grain(session).CreateAsync(new CreateSession(RunCast.Agent, 0, RunCast.App), TestContext.Current.CancellationToken)).Agent);
        var other = await host.Silo.AddAgentAsync();
        await RefusedAsync(ErrorCode.AlreadyExists, RunCast.Agent, () => Grain(session).CreateAsync(new CreateSession(other, 0, RunCast.App)));
        var unmade = SessionId.Parse($"unmade-{Interlocked.Increment(ref _sessions)}");
        await RefusedAsync(ErrorCode.NotFound, "nobody", () => Grain(unmade).CreateAsync(new CreateSession("nobody", 0, RunCast.App)));
        await RefusedAsync(ErrorCode.NotFound, unmade.Value, () => StartAsync(unmade, "hello"));
        Assert.Null(await Grain(unmade).GetAsync(TestContext.Current.CancellationToken));
    }

    private static string First(SessionId session) => $"first of {session}";

    private static async Task RefusedAsync<T>(ErrorCode code, string named, Func<Task<T>> act)
    {
        var refusal = await Assert.ThrowsAnyAsync<AgentRuntimeException>(act);
        Assert.Equal(code, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<SessionId> NewSessionAsync(string agent = RunCast.Agent)
    {
        var session = SessionId.Parse($"talk-{Interlocked.Increment(ref _sessions)}");
        await Grain(session).CreateAsync(new CreateSession(agent, 0, RunCast.App));
        return session;
    }

    private void Script(SessionId session, Func<ModelTurn, ChatResponse> model, string? first = null) =>
        host.Silo.Scripts.Set(first ?? First(session), turn => Task.FromResult(model(turn)));

    private Task<RunView> StartAsync(SessionId session, string input, string? request = null, string agent = RunCast.Agent) =>
        Grain(session).StartAsync(new StartRun(agent, 0, input, $"{session}-{request ?? Guid.NewGuid().ToString("n")}", RunCast.App)).WaitAsync(TestRun.Patience);

    private ISessionGrain Grain(SessionId session) => host.Silo.Grains.GetGrain<ISessionGrain>(SessionGrainKey.For(RunCast.Tenant, session));

    private TestRun Of(RunView view) => new(host.Silo, new RunKey(RunCast.Tenant, view.Run), null!);

    private Task EndedAsync(RunView view) => Of(view).EndAsync();

    private async Task ApplyAsync(string agent, Func<AgentDefinition, AgentDefinition> change)
    {
        var grain = host.Silo.Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(RunCast.Tenant, AgentId.Parse(agent)));
        await grain.ApplyAsync(change((await grain.GetAsync(0))!.Definition), RunCast.Author);
        host.Silo.Get<AgentDirectory>().Forget(RunCast.Tenant, AgentId.Parse(agent));
    }

    private async Task<RunStarted> RecordOf(RunView view) => (RunStarted)(await Of(view).RecordsAsync())[0];

    private async Task<(IReadOnlyList<TranscriptTurn> Turns, RunId? Before)> TranscriptAsync(SessionId session)
    {
        var newest = (await Grain(session).GetAsync())!.NewestRun!.Value;
        return await host.Silo.Get<TranscriptReader>().ReadAsync(new RunKey(RunCast.Tenant, newest), 10, CancellationToken.None);
    }
}
