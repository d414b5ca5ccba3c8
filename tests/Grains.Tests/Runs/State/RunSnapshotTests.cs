using System.Text;
using AgentRuntime.Agents;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using CsCheck;
using Microsoft.Extensions.AI;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.State;

public sealed class RunSnapshotTests
{
    private static readonly Gen<ContextWindow> Contexts = Gen.Select(Gen.Int[1, 6], Gen.Int[0, 4], static (turns, kind) => kind switch
    {
        1 => new ContextWindow { LastTurns = turns, PinnedInputs = turns % 3 + 1 },
        2 => new ContextWindow { LastTurns = turns, SummaryTokens = 64 },
        3 => new ContextWindow { LastTurns = turns * 10, MaxTokens = 150 * turns, PinnedInputs = 2 },
        4 => new ContextWindow { LastTurns = turns * 10, MaxTokens = 150 * turns, PinnedInputs = 2, SummaryTokens = 64 },
        _ => new ContextWindow { LastTurns = turns },
    });

    private static readonly Gen<(int[] Choices, ContextWindow Context, int Cut)> Runs =
        Gen.Select(Gen.Int[0, 999].Array[0, 120], Contexts, Gen.Int[0, 1_000]);

    [Fact]
    public void Restore_AtAnyPointAndTheRest_EqualsTheFoldOfAll() => Runs.Sample(run =>
    {
        var records = RunSequences.From(run.Choices);
        var points = SnapshotPoints(records, run.Context);
        if (points.Count == 0) return;
        var (at, bytes) = points[run.Cut % points.Count];

        var restored = Restore(records, bytes, run.Context);
        Assert.Equal(at, restored.LastSeq);
        for (var seq = at + 1; seq < records.Count; seq++) Apply(restored, records, seq);
        Assert.Equal(Describe(Fold(records, run.Context)), Describe(restored));
    }, iter: 2_000);

    [Fact]
    public void Window_OfAnyRun_IsBoundedAndKeepsResultsAfterTheirCalls() => Runs.Sample(run =>
    {
        var records = RunSequences.From(run.Choices);
        var state = Empty(run.Context);
        for (var seq = 0; seq < records.Count; seq++)
        {
            Apply(state, records, seq);
            var messages = state.Window.ToMessages();
            // A driver has a full window summarised before the model sees it; the sequences here leave that to chance.
            if (!state.Window.NeedsSummary)
                Assert.InRange(messages.Count, 2, 3 + run.Context.PinnedInputs + run.Context.LastTurns * (1 + RunSequencesMaxCalls));
            RequireResultsFollowCalls(messages);
        }
    }, iter: 1_000);

    [Fact]
    public void Encode_AfterAThousandSteps_IsAsSmallAsAfterTen()
    {
        Assert.InRange(Length(1_000), 1, Length(10) + 30);

        static int Length(int steps)
        {
            var state = Empty(new ContextWindow { LastTurns = 5 });
            long seq = 0;
            RunFold.Apply(state, Started(), seq++, T0);
            for (var step = 1; step <= steps; step++)
            {
                RunFold.Apply(state, Reply(step, Call()), seq++, T0);
                RunFold.Apply(state, Returned(step) with { Result = new string('x', 5_000) }, seq++, T0);
            }

            return RunSnapshot.Encode(state).Length;
        }
    }

    private const int RunSequencesMaxCalls = 3;

    private static RunState Empty(ContextWindow context) => new(Key) { Window = new ConversationWindow("Be kind.", Started(), context) };

    private static void Apply(RunState state, IReadOnlyList<RunRecord> records, long seq) =>
        RunFold.Apply(state, records[(int)seq], seq, T0.AddSeconds(seq));

    private static RunState Fold(IReadOnlyList<RunRecord> records, ContextWindow context)
    {
        var state = Empty(context);
        for (var seq = 0; seq < records.Count; seq++) Apply(state, records, seq);
        return state;
    }

    private static List<(long Seq, byte[] Bytes)> SnapshotPoints(IReadOnlyList<RunRecord> records, ContextWindow context)
    {
        var state = Empty(context);
        var points = new List<(long, byte[])>();
        for (var seq = 0; seq < records.Count; seq++)
        {
            Apply(state, records, seq);
            if (RunSnapshot.CanTake(state)) points.Add((seq, RunSnapshot.Encode(state)));
        }

        return points;
    }

    // As the loader does: the first record, what is shown from before the window, the records of the window, then the control state.
    private static RunState Restore(IReadOnlyList<RunRecord> records, byte[] bytes, ContextWindow context)
    {
        var state = Empty(context);
        Apply(state, records, 0);
        var snapshot = RunSnapshot.Decode(bytes);
        foreach (var seq in snapshot.EarlierSeqs ?? []) state.Window.ShowEarlier(records[(int)seq], seq);
        for (var seq = snapshot.WindowFromSeq; seq <= snapshot.LastSeq; seq++) Apply(state, records, seq);
        snapshot.RestoreTo(state);
        return state;
    }

    private static string Describe(RunState state)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(RunSnapshot.Encode(state)));
        text.AppendLine().AppendJoin('\n', state.Window.ToMessages().Select(Describe));
        foreach (var call in state.Calls)
            text.AppendLine().Append(call.Step).Append(call.Index).Append(call.Phase).Append(call.SpentAttempts).Append(call.Failures).Append(call.RetryAt).Append(call.Approval?.Request.Approval);
        var decision = RunLoop.Decide(state, new LoopInput(T0.AddSeconds(500), new HashSet<string>()));
        return text.AppendLine().Append(decision is RunDecision.Record record ? string.Join(' ', record.Records) : decision.GetType().Name).ToString();
    }

    private static string Describe(ChatMessage message) => $"{message.Role}: " + string.Join(' ', message.Contents.Select(content => content switch
    {
        FunctionCallContent call => $"call {call.CallId} {call.Name}",
        FunctionResultContent result => $"result {result.CallId} {result.Result}",
        _ => content.ToString(),
    }));

    private static void RequireResultsFollowCalls(List<ChatMessage> messages)
    {
        var asked = new List<string>();
        var isComplete = true;
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Tool)
            {
                Assert.True(asked.Remove(((FunctionResultContent)message.Contents.Single()).CallId), "A result without its call.");
                isComplete = asked.Count == 0;
                continue;
            }

            Assert.True(isComplete, "A call without its result.");
            asked = [.. message.Contents.OfType<FunctionCallContent>().Select(call => call.CallId)];
            isComplete = asked.Count == 0;
        }

        Assert.True(isComplete, "A call without its result.");
    }
}
