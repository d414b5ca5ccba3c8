extern alias client;

using client::AgentRuntime.Client.Chat;
using Microsoft.Extensions.AI;

namespace AgentRuntime.EndToEnd.Tests.Client.Chat;

/// <summary>Turns that begin while the run does something else.</summary>
public sealed class CrossedTurnTests : IAsyncLifetime
{
    private static readonly ChatOptions Talk = new() { ConversationId = "talk" };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TalkingProgram _program = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _program = await TalkingProgram.StartAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Turns_OfWhichTheSecondCameWhileTheModelAnsweredTheFirst_HaveTheirOwnAnswers()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var first = chat.GetResponseAsync("hold", Talk, Stop);
        await _program.HoldingAsync().WaitAsync(Patience, Stop);
        var second = chat.GetResponseAsync("more", Talk, Stop);
        await HearAsync();
        _program.Release();

        Assert.Equal(TalkingProgram.AnswerTo("hold"), (await first.WaitAsync(Patience, Stop)).Text);
        Assert.Equal(TalkingProgram.AnswerTo("more"), (await second.WaitAsync(Patience, Stop)).Text);
    }

    [Fact]
    public async Task StreamedTurns_OfWhichTheSecondCameWhileTheModelAnsweredTheFirst_HaveTheirOwnAnswers()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var first = ReadAsync(chat, "hold");
        await _program.HoldingAsync().WaitAsync(Patience, Stop);
        var second = ReadAsync(chat, "more");
        await HearAsync();
        _program.Release();

        Assert.Equal(TalkingProgram.AnswerTo("hold"), await first.WaitAsync(Patience, Stop));
        Assert.Equal(TalkingProgram.AnswerTo("more"), await second.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task Turn_GivenToARunThatWaitsForApproval_HasNothingOfTheTurnBefore()
    {
        using var chat = _program.Client.AsChatClient("talks");
        await chat.GetResponseAsync("pay", Talk, Stop);

        var second = await chat.GetResponseAsync("hurry", Talk, Stop).WaitAsync(Patience, Stop);

        Assert.Equal(("", AgentFinishReasons.WaitingForApproval), (second.Text, second.FinishReason));
        Assert.Single(second.Messages.Single().Contents.OfType<AgentApprovalContent>());
    }

    [Fact]
    public async Task CallWithoutMessages_AfterAnotherApprovalWasAsked_ReturnsIt()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var first = await chat.GetResponseAsync("pay twice", Talk, Stop);
        await ApproveAndWaitForTheNextAsync(first);

        var second = await chat.GetResponseAsync([], Talk, Stop).WaitAsync(Patience, Stop);

        Assert.Equal(AgentFinishReasons.WaitingForApproval, second.FinishReason);
        Assert.NotEqual(ApprovalOf(first), ApprovalOf(second));
    }

#pragma warning disable MEAI001
    [Fact]
    public async Task CallWithoutMessages_ThatSaysHowFarItRead_ReturnsWhatIsNewAndWaitsForTheRest()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var first = await chat.GetResponseAsync("pay twice", Talk, Stop);
        await ApproveAndWaitForTheNextAsync(first);
        var second = await chat.GetResponseAsync([], After(first), Stop).WaitAsync(Patience, Stop);
        var updates = await chat.GetStreamingResponseAsync([], After(first), Stop).ToListAsync(Stop);
        var again = updates.ToChatResponse();
        var rest = chat.GetResponseAsync([], After(second), Stop);
        await _program.ApproveAsync(ApprovalOf(second));

        Assert.Equal((ApprovalOf(second), AgentFinishReasons.WaitingForApproval), (ApprovalOf(again), again.FinishReason));
        Assert.Equal(("Paid.", ChatFinishReason.Stop), ((await rest.WaitAsync(Patience, Stop)).Text, (await rest).FinishReason));
        Assert.Equal(second.ContinuationToken?.ToBytes().ToArray(), updates[^1].ContinuationToken?.ToBytes().ToArray());

        static ChatOptions After(ChatResponse response)
        {
            Assert.NotNull(response.ContinuationToken);
            return new ChatOptions { ConversationId = response.ConversationId, ContinuationToken = response.ContinuationToken };
        }
    }
#pragma warning restore MEAI001

    private static string ApprovalOf(ChatResponse response) => response.Messages.SelectMany(message => message.Contents).OfType<AgentApprovalContent>().Single().Approval;

    private static async Task<string> ReadAsync(IChatClient chat, string text) =>
        (await chat.GetStreamingResponseAsync(text, Talk, Stop).ToListAsync(Stop)).ToChatResponse().RemoveVoided().Text;

    private async Task ApproveAndWaitForTheNextAsync(ChatResponse waiting)
    {
        await _program.ApproveAsync(ApprovalOf(waiting));
        var asked = 0;
        await foreach (var record in _program.Client.WatchRunAsync(waiting.ResponseId!, cancellationToken: Stop))
        {
            if (record.Type == "approval.requested" && ++asked == 2) return;
        }
    }

    /// <summary>Returns once the second turn's input has arrived.</summary>
    private async Task HearAsync()
    {
        var session = await _program.Client.Sessions.GetSessionAsync(new() { Name = "tenants/acme/sessions/talk" }, cancellationToken: Stop);
        await _program.Client.WatchRunAsync(session.NewestRun, cancellationToken: Stop).FirstAsync(record => record.Type == "input.received", Stop);
    }
}
