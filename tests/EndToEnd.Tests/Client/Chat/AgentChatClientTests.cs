extern alias client;

using client::AgentRuntime.Client.Chat;
using Microsoft.Extensions.AI;
using AgentRunException = client::AgentRuntime.Client.AgentRunException;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Client.Chat;

/// <summary>An agent as a chat client of code that knows nothing of the runtime.</summary>
public sealed class AgentChatClientTests : IAsyncLifetime
{
    private TalkingProgram _program = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _program = await TalkingProgram.StartAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task ThreeTurns_BehindFunctionInvocation_AreOneSession()
    {
        using var chat = new ChatClientBuilder(_program.Client.AsChatClient("talks")).UseFunctionInvocation().Build();
        string[] turns = ["one", "two", "three"];
        var options = new ChatOptions();
        foreach (var turn in turns)
        {
            var response = await chat.GetResponseAsync(turn, options, Stop);
            Assert.Equal((TalkingProgram.AnswerTo(turn), ChatFinishReason.Stop), (response.Text, response.FinishReason));
            Assert.Equal((7, 3), (response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount));
            options.ConversationId = response.ConversationId;
        }

        Assert.Equal(["one", TalkingProgram.AnswerTo("one"), "two", TalkingProgram.AnswerTo("two"), "three"], _program.Shown);
        Assert.Equal(3, (await _program.Client.Sessions.GetSessionAsync(new() { Name = options.ConversationId }, cancellationToken: Stop)).RunCount);
    }

    [Fact]
    public async Task WholeConversation_OfANamedSession_SendsOnlyWhatIsNew()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var options = new ChatOptions { ConversationId = "ticket-42" };
        List<ChatMessage> said = [new(ChatRole.User, "one")];
        var first = await chat.GetResponseAsync(said, options, Stop);
        said.AddRange(first.Messages);
        said.Add(new(ChatRole.User, "two"));

        await chat.GetResponseAsync(said, options, Stop);

        Assert.Equal("tenants/acme/sessions/ticket-42", first.ConversationId);
        Assert.Equal(["one", TalkingProgram.AnswerTo("one"), "two"], _program.Shown);
    }

    [Fact]
    public async Task Approval_ReturnsWhatWaits_AndACallWithoutMessagesTheRest()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var waiting = await chat.GetResponseAsync("pay", cancellationToken: Stop);

        Assert.Equal((AgentFinishReasons.WaitingForApproval, "I pay."), (waiting.FinishReason, waiting.Text));
        var approval = waiting.Messages.Single().Contents.OfType<AgentApprovalContent>().Single();
        Assert.Equal(("pay", "WriteHigh", """{"cents":5}""", false), (approval.Tool, approval.Risk, approval.ArgumentsJson, approval.AsksForOutcome));
        var rest = chat.GetResponseAsync([], new ChatOptions { ConversationId = waiting.ConversationId }, Stop);
        await _program.ApproveAsync(approval.Approval);

        Assert.Equal(("Paid.", ChatFinishReason.Stop), ((await rest).Text, (await rest).FinishReason));
        Assert.Equal(5, _program.Paid);
    }

    [Fact]
    public async Task CallWithoutMessages_AfterTheRestOfTheTurnCame_ReturnsIt()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var waiting = await chat.GetResponseAsync("pay", cancellationToken: Stop);
        await _program.ApproveAsync(waiting.Messages.Single().Contents.OfType<AgentApprovalContent>().Single().Approval);
        await _program.Client.WaitForRunAsync(waiting.ResponseId!, Stop);

        var options = new ChatOptions { ConversationId = waiting.ConversationId };
        Assert.Equal("Paid.", (await chat.GetResponseAsync([], options, Stop)).Text);
        Assert.Equal("Paid.", (await chat.GetStreamingResponseAsync([], options, Stop).ToListAsync(Stop)).ToChatResponse().Text);
    }

    [Fact]
    public async Task Approval_OfAClientThatWaits_AnswersOnceItIsDecided()
    {
        using var chat = _program.Client.AsChatClient("talks", new AgentChatOptions { WaitsForApprovals = true });
        var response = chat.GetResponseAsync("pay", cancellationToken: Stop);
        await foreach (var waiting in _program.Client.WatchApprovalsAsync("tenants/acme", Stop))
        {
            await _program.ApproveAsync(waiting.Name);
            break;
        }

        Assert.Equal("Paid.", (await response).Text);
    }

    [Fact]
    public async Task Handover_ReturnsTheQuestion_AndTheNextTurnAnswersIt()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var question = await chat.GetResponseAsync("person", cancellationToken: Stop);
        var answer = await chat.GetResponseAsync("1042", new ChatOptions { ConversationId = question.ConversationId }, Stop);

        Assert.Equal(("Which order?", AgentFinishReasons.WaitingForInput), (question.Text, question.FinishReason));
        Assert.Equal((TalkingProgram.AnswerTo("1042"), question.ResponseId), (answer.Text, answer.ResponseId));
    }

    [Fact]
    public async Task Cancelling_LeavesTheRun_AndTheNextTurnGivesItsInputToIt()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var options = new ChatOptions { ConversationId = "cancelled" };
        using var cancelled = new CancellationTokenSource();
        string? run = null;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in chat.GetStreamingResponseAsync("hold", options, cancelled.Token))
            {
                run ??= update.ResponseId;
                await cancelled.CancelAsync();
            }
        });

        Assert.Equal(Wire.RunState.Running, (await _program.Client.GetRunAsync(run!, Stop)).State);
        var next = chat.GetResponseAsync("more", options, Stop);
        await _program.Client.WatchRunAsync(run!, cancellationToken: Stop).FirstAsync(record => record.Type == "input.received", Stop);
        _program.Release();
        Assert.Equal((run, TalkingProgram.AnswerTo("more")), ((await next).ResponseId, (await next).Text));
    }

    [Fact]
    public async Task Turn_WhoseRunHandsOverBeforeItsInputArrives_IsAnsweredWithWhatComesAfterTheInput()
    {
        var run = await BeginAsync("ponder", "talk");
        using var slow = _program.CreateClientThatIsSlowAt("SendInput", () => ReleaseUntilAsync(run, Wire.RunState.WaitingForInput));
        using var chat = slow.AsChatClient("talks");

        var answer = await chat.GetResponseAsync("1042", new ChatOptions { ConversationId = "talk" }, Stop);

        Assert.Equal((run, TalkingProgram.AnswerTo("1042"), ChatFinishReason.Stop), (answer.ResponseId, answer.Text, answer.FinishReason));
    }

    [Fact]
    public async Task StreamedTurn_WhoseRunHandsOverBeforeItsInputArrives_StreamsWhatComesAfterTheInput()
    {
        var run = await BeginAsync("ponder", "talk");
        using var slow = _program.CreateClientThatIsSlowAt("SendInput", () => ReleaseUntilAsync(run, Wire.RunState.WaitingForInput));
        using var chat = slow.AsChatClient("talks");

        var updates = await chat.GetStreamingResponseAsync("1042", new ChatOptions { ConversationId = "talk" }, Stop).ToListAsync(Stop);

        Assert.Equal(TalkingProgram.AnswerTo("1042"), updates.ToChatResponse().RemoveVoided().Text);
    }

    [Fact]
    public async Task Turn_WhoseRunEndsBeforeItsInputArrives_GoesOnInANewRunOfTheSession()
    {
        var run = await BeginAsync("hold", "talk");
        using var slow = _program.CreateClientThatIsSlowAt("SendInput", () => ReleaseUntilAsync(run, Wire.RunState.Completed));
        using var chat = slow.AsChatClient("talks");

        var answer = await chat.GetResponseAsync("more", new ChatOptions { ConversationId = "talk" }, Stop);

        Assert.Equal(TalkingProgram.AnswerTo("more"), answer.Text);
        Assert.NotEqual(run, answer.ResponseId);
        Assert.Equal(["hold", TalkingProgram.AnswerTo("hold"), "more"], _program.Shown);
    }

    [Fact]
    public async Task CallWithoutMessages_OfARunThatWaitsForAPerson_SaysThatAMessageIsNeeded()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var question = await chat.GetResponseAsync("person", cancellationToken: Stop);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync([], new ChatOptions { ConversationId = question.ConversationId }, Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop));

        Assert.Contains("give a user message", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_ThatFails_SaysWhichRunAndWhy()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var fault = await Assert.ThrowsAsync<AgentRunException>(() => chat.GetResponseAsync("break", cancellationToken: Stop));
        Assert.Equal(Wire.RunState.Failed, fault.State);
        Assert.Contains(fault.Run, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streaming_PutTogether_IsTheResponse()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var updates = await chat.GetStreamingResponseAsync("one", cancellationToken: Stop).ToListAsync(Stop);
        var response = updates.ToChatResponse().RemoveVoided();

        Assert.All(updates, update => Assert.StartsWith("tenants/acme/runs/", update.ResponseId, StringComparison.Ordinal));
        Assert.Equal((TalkingProgram.AnswerTo("one"), ChatFinishReason.Stop, 10), (response.Text, response.FinishReason, response.Usage?.TotalTokenCount));
    }

    [Fact]
    public async Task What_TheAgentsDefinitionDecides_IsRefused()
    {
        using var chat = _program.Client.AsChatClient("talks");
        await RefusedAsync("ChatOptions.Tools", [new(ChatRole.User, "x")], new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] });
        await RefusedAsync("ChatOptions.Instructions", [new(ChatRole.User, "x")], new() { Instructions = "Be nice." });
        await RefusedAsync("a system message", [new(ChatRole.System, "Be nice."), new(ChatRole.User, "x")], new());
        await RefusedAsync("DataContent", [new(ChatRole.User, [new DataContent(new byte[1], "image/png")])], new());
        await Assert.ThrowsAsync<InvalidOperationException>(() => chat.GetResponseAsync([new(ChatRole.User, "a"), new(ChatRole.Assistant, "b"), new(ChatRole.User, "c")], null, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync([], null, Stop));

        async Task RefusedAsync(string culprit, IEnumerable<ChatMessage> messages, ChatOptions options) =>
            Assert.Contains(culprit, (await Assert.ThrowsAsync<NotSupportedException>(() => chat.GetResponseAsync(messages, options, Stop))).Message, StringComparison.Ordinal);
    }

    /// <summary>Begins a turn that nobody waits for, and returns its run.</summary>
    private async Task<string> BeginAsync(string text, string conversation)
    {
        using var chat = _program.Client.AsChatClient("talks");
        return (await chat.GetStreamingResponseAsync(text, new ChatOptions { ConversationId = conversation }, Stop).FirstAsync(Stop)).ResponseId!;
    }

    private async Task ReleaseUntilAsync(string run, Wire.RunState state)
    {
        _program.Release();
        await foreach (var _ in _program.Client.WatchRunAsync(run, cancellationToken: Stop))
        {
            if ((await _program.Client.GetRunAsync(run, Stop)).State == state) return;
        }
    }
}
