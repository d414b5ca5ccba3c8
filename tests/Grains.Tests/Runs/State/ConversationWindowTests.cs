using AgentRuntime.Agents;
using AgentRuntime.Models.Tokens;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.Sessions;
using AgentRuntime.Runs.State;
using CsCheck;
using Microsoft.Extensions.AI;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.State;

public sealed class ConversationWindowTests
{
    [Fact]
    public void Window_WithABoundOnTokens_KeepsIt() =>
        Gen.Select(Gen.Int[0, 999].Array[0, 40], Gen.Int[1, 8], Gen.Bool).Sample((choices, size, isLong) =>
        {
            var context = new ContextWindow { LastTurns = 200, MaxTokens = size * 1_024, PinnedInputs = 5 };
            var window = Window(context, input: Words(10_000), history: [new SessionMessage(Speaker.User, Words(10_000))]);
            long seq = 1;
            foreach (var choice in choices)
            {
                Add(window, choice, isLong ? Words(5_000) : Words(choice % 50), seq++);
                Assert.InRange(window.ToMessages().Sum(TokenCounter.Count), 1, context.MaxTokens);
            }
        }, iter: 15);

    [Fact]
    public void Turns_ThatNoLongerFit_LeaveTheOldestFirst()
    {
        var window = Window(new ContextWindow { LastTurns = 200, MaxTokens = 1_024 });
        for (var i = 1; i <= 40; i++) window.AddInput(new InputReceived($"send-{i}", "alice", $"{i}: {Words(80)}"), i);
        var shown = window.ToMessages().Skip(2).Select(message => message.Text.Split(':')[0]).ToList();
        Assert.InRange(shown.Count, 5, 12);
        Assert.Equal(Enumerable.Range(41 - shown.Count, shown.Count).Select(i => $"{i}"), shown);
    }

    [Fact]
    public void Turn_LargerThanTheWindow_IsShownCut()
    {
        var window = Window(new ContextWindow { MaxTokens = 1_024, MaxMessageChars = 1_000_000 });
        window.AddReply(Reply(1, Call("a"), Call("b")), 1);
        window.AddResult(Call("a"), Returned(1) with { Result = Words(100_000) });
        window.AddResult(Call("b"), Returned(1, 1) with { Result = "short" });
        window.CloseStep();
        var results = window.ToMessages().SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => (string)result.Result!).ToList();
        Assert.Contains("[cut: ", results[0], StringComparison.Ordinal);
        Assert.Equal("short", results[1]);
    }

    [Fact]
    public void PinnedInputs_OutliveTheirTurns_TheNewestOfThem()
    {
        var window = Window(new ContextWindow { LastTurns = 2, PinnedInputs = 2 });
        for (var i = 1; i <= 3; i++) window.AddInput(new InputReceived($"send-{i}", "alice", $"input {i}"), i);
        for (var i = 4; i <= 9; i++) window.AddReply(Reply(i) with { Text = $"reply {i}" }, i);
        Assert.Equal(["Be kind.", "hello", "input 2", "input 3", "reply 8", "reply 9"], window.ToMessages().Select(message => message.Text));
        Assert.Equal([2, 3], window.EarlierSeqs);
    }

    [Fact]
    public void Summary_TakesThePlaceOfTheOlderTurns()
    {
        var window = Window(new ContextWindow { LastTurns = 4, SummaryTokens = 64 });
        for (var i = 1; i <= 5; i++) window.AddReply(Reply(i) with { Text = $"reply {i}" }, i);
        Assert.True(window.NeedsSummary);
        var request = window.ToSummaryRequest();
        Assert.Equal([1, 2, 3], request.Turns.Select(turn => turn.Seq));
        Assert.Equal("Agent: reply 1\nAgent: reply 2\nAgent: reply 3\n", request.ToMessages()[1].Text);

        window.Summarize(Summary("they said hello", kept: 2), 6);
        Assert.False(window.NeedsSummary);
        Assert.Equal(
            ["Be kind.", "hello", "[Summary of what happened before]\nthey said hello", "reply 4", "reply 5"], window.ToMessages().Select(message => message.Text));
        Assert.Equal(ChatRole.User, window.ToMessages()[2].Role);
        Assert.Contains("they said hello", window.ToSpoken()[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_LargerThanAMessage_AreShownCut()
    {
        var window = Window(new ContextWindow { MaxMessageChars = 1_000 });
        var large = Call() with { Arguments = System.Text.Json.JsonSerializer.SerializeToElement(new { query = new string('x', 5_000) }) };
        window.AddReply(Reply(1, large, Call("malformed") with { Arguments = null, Malformed = "{" }), 1);
        window.CloseStep();
        var shown = window.ToMessages().SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        Assert.InRange(Assert.IsType<string>(shown[0].Arguments!["cut"]).Length, 1_000, 1_100);
        Assert.Empty(shown[1].Arguments!);
    }

    [Fact]
    public void Spoken_OfARunThatWasStoppedInAStep_HoldsAllOfIt()
    {
        var window = Window(new ContextWindow());
        window.AddReply(Reply(1, Call()) with { Text = "I will wipe it." }, 1);
        window.AddInput(new InputReceived("send-1", "alice", "remember me"), 2);
        Assert.Equal(["hello", "I will wipe it.", "remember me"], window.ToSpoken().Select(said => said.Text));
    }

    [Fact]
    public void Summary_OfALaterPart_IsMadeOfTheOneBefore()
    {
        var window = Window(new ContextWindow { LastTurns = 2, SummaryTokens = 64 });
        for (var i = 1; i <= 3; i++) window.AddReply(Reply(i) with { Text = $"reply {i}" }, i);
        window.Summarize(Summary("first", kept: 1), 4);
        window.AddReply(Reply(4, Call()) with { Text = "reply 4" }, 5);
        window.AddResult(Call(), Returned(4));
        window.CloseStep();
        window.AddReply(Reply(5) with { Text = "reply 5" }, 7);
        var text = window.ToSummaryRequest().ToMessages()[1].Text;
        Assert.Equal("[Summary of what happened before]\nfirst\n\nAgent: reply 3\nAgent: reply 4\nAgent calls search: query = x\nResult: \"ok\"\n", text);
    }

    [Fact]
    public void Summary_WhileOneTurnIsLeft_IsNotAskedFor()
    {
        var window = Window(new ContextWindow { LastTurns = 1, SummaryTokens = 64 });
        window.AddReply(Reply(1), 1);
        Assert.False(window.NeedsSummary);
        window.AddReply(Reply(2), 2);
        Assert.True(window.NeedsSummary);
        Assert.Single(window.ToSummaryRequest().Turns);
    }

    [Fact]
    public void Summary_OfAnyFullWindow_MakesRoom() =>
        Gen.Select(Gen.Int[0, 999].Array[1, 60], Gen.Int[1, 8], Gen.Int[1, 12]).Sample((choices, size, turns) =>
        {
            var window = Window(new ContextWindow { LastTurns = turns, MaxTokens = size * 1_024, PinnedInputs = 2, SummaryTokens = 64 });
            long seq = 1;
            foreach (var choice in choices)
            {
                Add(window, choice, Words(choice), seq++);
                if (!window.NeedsSummary) continue;
                var request = window.ToSummaryRequest();
                window.Summarize(Summary(Words(50), window.TurnCount - request.Turns.Count), seq++);
                Assert.False(window.NeedsSummary);
            }
        }, iter: 60);

    private static ContextSummarized Summary(string text, int kept) => new(7, 1, "rules", text, kept, 3, 2);

    private static ConversationWindow Window(ContextWindow context, string input = "hello", IReadOnlyList<SessionMessage>? history = null) =>
        new("Be kind.", Started() with { Input = input, History = history }, context);

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));

    private static void Add(ConversationWindow window, int choice, string text, long seq)
    {
        if (choice % 3 == 0)
        {
            window.AddInput(new InputReceived($"send-{seq}", "alice", text), seq);
            return;
        }

        var calls = Enumerable.Range(0, choice % 4).Select(i => Call($"c{i}")).ToArray();
        window.AddReply(Reply((int)seq, calls) with { Text = text }, seq);
        foreach (var call in calls) window.AddResult(call, Returned((int)seq) with { Result = text });
        if (calls.Length > 0) window.CloseStep();
    }
}
