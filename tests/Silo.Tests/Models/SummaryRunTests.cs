using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Models;
using AgentRuntime.Models.Recordings;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Models;

/// <summary>Runs that outgrow their context window.</summary>
public sealed class SummaryRunTests
{
    private const int LastTurns = 4;
    private static readonly ContextWindow Context = new() { LastTurns = LastTurns, SummaryTokens = 64 };

    [Fact]
    public async Task Run_PastItsWindow_GoesOnWithARecordedSummary()
    {
        var shown = new List<IReadOnlyList<ChatMessage>>();
        await using var runs = await StartAsync(Working(steps: 9, shown), (_, _) => Summary("Nine things are to be looked at."));
        var records = await (await runs.RunAsync("long", Context)).EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        var summaries = records.OfType<ContextSummarized>().ToList();
        Assert.Equal([6, 9], summaries.Select(summary => summary.Step));
        Assert.All(summaries, summary => Assert.Equal((ModelRuns.Model, 2, 7, 3), (summary.Model, summary.KeptTurns, summary.InputTokens, summary.OutputTokens)));
        Assert.All(shown, messages => Assert.InRange(messages.Count, 2, 3 + 2 * LastTurns));
        Assert.DoesNotContain(shown[4], IsSummary);
        Assert.Single(shown[5], IsSummary);
        Assert.Single(shown[8], IsSummary);
    }

    [Fact]
    public async Task Run_WhoseSummaryFails_TriesAgainAndThenFails()
    {
        var tried = 0;
        await using var runs = await StartAsync(
            Working(steps: 9, []), (_, _) => ++tried == 2 ? Summary("So far so good.") : throw new AgentRuntimeException(ErrorCode.Unavailable, "model: busy.", isTransient: true));
        var records = await (await runs.RunAsync("shaky", Context)).EndAsync();
        Assert.Equal([1, 1, 2, 3], records.OfType<AttemptFailed>().Select(attempt => attempt.Attempt));
        Assert.Equal(2, records.OfType<ContextSummarized>().Single().Attempt);
        Assert.Equal("model: busy.", Assert.IsType<RunFailed>(records[^1]).Message);
        Assert.Equal(8, records.OfType<ModelReplied>().Count());
    }

    [Fact]
    public async Task Run_WithAnEmptySummary_TriesAgain()
    {
        var tried = 0;
        await using var runs = await StartAsync(Working(steps: 5, []), (_, _) => Summary(++tried == 1 ? "" : "So far so good."));
        var records = await (await runs.RunAsync("speechless", Context)).EndAsync();
        Assert.Contains("gave no summary", records.OfType<AttemptFailed>().Single().Message, StringComparison.Ordinal);
        var summary = records.OfType<ContextSummarized>().Single();
        Assert.Equal(2, summary.Attempt);
        // No two attempts of a step bear one number, so that pieces of the reply are not taken for pieces of the summary that failed.
        Assert.Equal(3, records.OfType<ModelReplied>().Single(reply => reply.Step == summary.Step).Attempt);
    }

    [Fact]
    public async Task Kill_WhileSummarising_SummarisesOnceMoreAndRecordsOne()
    {
        var asked = new TaskCompletionSource();
        await using var runs = await StartAsync(Working(steps: 5, []), async (_, cancellation) =>
        {
            if (!asked.TrySetResult()) return await Summary("So far so good.");
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        });
        var run = await runs.RunAsync("killed", Context);
        await asked.Task.InTimeAsync();
        run = await runs.KillAsync(run);
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Single(records.OfType<ContextSummarized>());
        Assert.Single(records.OfType<AttemptLost>());
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Input_WhileSummarising_IsShownAsItIs()
    {
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var shown = new List<IReadOnlyList<ChatMessage>>();
        await using var runs = await StartAsync(Working(steps: 5, shown), async (_, _) =>
        {
            asked.TrySetResult();
            await gate.Task;
            return await Summary("So far so good.");
        });
        var run = await runs.RunAsync("talking", Context);
        await asked.Task.InTimeAsync();
        await run.SendAsync("and the cellar too", "send-1");
        gate.SetResult();
        Assert.Equal(3, (await run.WaitForAsync<ContextSummarized>()).KeptTurns);
        await run.EndAsync();
        Assert.Contains(shown[5], message => message.Text == "and the cellar too");
    }

    [Fact]
    public async Task Fork_AfterASummary_ShowsItTooAndTheSameTurns()
    {
        var shown = new List<IReadOnlyList<ChatMessage>>();
        await using var runs = await StartAsync(Working(steps: 7, shown), (_, _) => Summary("So far so good."));
        var run = await runs.RunAsync("forked", Context);
        var atSeq = (await run.EndAsync()).ToList().FindIndex(record => record is ContextSummarized);
        var fork = await run.ForkAsync(atSeq, live: false);
        Assert.IsType<RunCompleted>((await fork.EndAsync())[^1]);
        static IEnumerable<string> Texts(IEnumerable<ChatMessage> messages) => messages.Select(message => $"{message.Role} {message.Text} {message.Contents.Count}");
        Assert.Contains(shown[5], IsSummary);
        Assert.Equal(Texts(shown[5]), Texts(shown[8]));
    }

    [Fact]
    public async Task Kill_LongRun_ComesBackFromItsSnapshotWithSummaryAndPinnedInput()
    {
        const int steps = 620;
        var shown = new List<IReadOnlyList<ChatMessage>>();
        var made = 0;
        await using var runs = await StartAsync(
            messages =>
            {
                shown.Add(messages);
                if (messages[^1].Text == "go on") return Task.FromResult(Reply.Text("done"));
                if (made == 0 && messages[^1].Text != "the key is 7") return Task.FromResult(Reply.HandOver("Which key?"));
                return Task.FromResult(made++ < steps ? Reply.Call(RunCast.Look, made) : Reply.HandOver("Go on?"));
            },
            (_, _) => Summary($"{made} looks."));
        var run = await runs.RunAsync("longer", Context with { PinnedInputs = 1 }, new RunLimits { MaxSteps = 1_000, MaxToolCalls = 1_000 });
        await run.WaitForAsync<ModelReplied>();
        await run.SendAsync("the key is 7", "send-1");
        await run.WaitAsync(records => records[^1] is ModelReplied { NeedsPerson: true, Step: > 600 }, "second question");
        await run.AsleepAsync();
        run = await runs.KillAsync(run);
        await run.SendAsync("go on", "send-2");
        var records = await run.EndAsync();
        Assert.Equal("done", Assert.IsType<RunCompleted>(records[^1]).Output);
        var last = shown[^1].Select(message => message.Text).ToList();
        Assert.Contains("the key is 7", last);
        Assert.Contains($"[Summary of what happened before]\n{records.OfType<ContextSummarized>().Last().Text}", last);
        Assert.InRange(last.Count, 4, 4 + 2 * LastTurns);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Replay_OfARunWithSummaries_GivesTheSameJournal()
    {
        using var folder = ScratchFolder.Make();
        var recording = folder.At("run.jsonl");
        IReadOnlyList<string> recorded;
        await using (var live = await ModelRuns.StartAsync(services => services
            .AddModel("live", _ => new AnsweringModel(Working(steps: 9, []), (_, _) => Summary("Nine things.")))
            .AddRecordedModel(ModelRuns.Model, "live", recording)))
        {
            var run = await live.RunAsync("long", Context);
            await run.EndAsync();
            recorded = await live.JournalAsync(run);
        }

        await using var replay = await ModelRuns.StartAsync(services => services.AddReplayModel(ModelRuns.Model, recording));
        var again = await replay.RunAsync("long", Context);
        await again.EndAsync();
        Assert.Equal(recorded, await replay.JournalAsync(again));
        Assert.Contains(recorded, line => line.Contains("context.summarized", StringComparison.Ordinal));
    }

    private static Task<ModelRuns> StartAsync(
        Func<IReadOnlyList<ChatMessage>, Task<ChatResponse>> answer, Func<IReadOnlyList<ChatMessage>, CancellationToken, Task<ChatResponse>> summarise) =>
        ModelRuns.StartAsync(services => services.AddModel(ModelRuns.Model, _ => new AnsweringModel(answer, summarise)));

    /// <summary>Looks so many times, one after the other, and is done.</summary>
    private static Func<IReadOnlyList<ChatMessage>, Task<ChatResponse>> Working(int steps, List<IReadOnlyList<ChatMessage>> shown)
    {
        var made = 0;
        return messages =>
        {
            shown.Add(messages);
            return Task.FromResult(made < steps ? Reply.Call(RunCast.Look, ++made) : Reply.Text("done"));
        };
    }

    private static Task<ChatResponse> Summary(string text) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
    {
        Usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 },
    });

    private static bool IsSummary(ChatMessage message) => message.Text.StartsWith("[Summary of what happened before]\n", StringComparison.Ordinal);
}
