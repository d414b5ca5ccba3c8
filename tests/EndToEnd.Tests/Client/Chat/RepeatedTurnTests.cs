extern alias client;

using client::AgentRuntime.Client.Chat;
using Microsoft.Extensions.AI;

namespace AgentRuntime.EndToEnd.Tests.Client.Chat;

/// <summary>Turns that are taken again because the answer was lost, and conversations that go on under other options.</summary>
public sealed class RepeatedTurnTests : IAsyncLifetime
{
    private TalkingProgram _program = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _program = await TalkingProgram.StartAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Turn_AgainWithItsRequestId_IsTheSameTurnOfTheSameConversation()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var first = await chat.GetResponseAsync("one", Request("order-1042"), Stop);
        var again = await chat.GetResponseAsync("one", Request("order-1042"), Stop);
        var other = await chat.GetResponseAsync("one", Request("order-1043"), Stop);

        Assert.Equal((first.ConversationId, first.ResponseId, first.Text), (again.ConversationId, again.ResponseId, again.Text));
        Assert.NotEqual(first.ConversationId, other.ConversationId);
    }

    [Fact]
    public async Task CancelledTurn_AgainWithItsRequestId_WaitsForTheRunThatItStarted()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var run = (await chat.GetStreamingResponseAsync("hold", Request("a", "talk"), Stop).FirstAsync(Stop)).ResponseId!;
        var again = await chat.GetStreamingResponseAsync("hold", Request("a", "talk"), Stop).FirstAsync(Stop);
        _program.Release();

        Assert.Equal(run, again.ResponseId);
        Assert.DoesNotContain("input.received", await _program.Client.WatchRunAsync(run, cancellationToken: Stop).Select(record => record.Type).ToListAsync(Stop));
    }

    [Fact]
    public async Task TurnThatGaveItsInputToARun_AgainWithItsRequestId_HasTheSameAnswer()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var question = await chat.GetResponseAsync("person", Request("a", "talk"), Stop);
        var first = await chat.GetResponseAsync("1042", Request("b", "talk"), Stop);
        var again = await chat.GetResponseAsync("1042", Request("b", "talk"), Stop);
        var next = await chat.GetResponseAsync("more", Request("c", "talk"), Stop);

        Assert.Equal((question.ResponseId, TalkingProgram.AnswerTo("1042")), (first.ResponseId, first.Text));
        Assert.Equal((first.ResponseId, first.Text), (again.ResponseId, again.Text));
        Assert.NotEqual(first.ResponseId, next.ResponseId);
    }

    [Fact]
    public async Task RequestId_ThatIsNoString_IsRefused()
    {
        using var chat = _program.Client.AsChatClient("talks");
        var options = new ChatOptions { AdditionalProperties = new() { [AgentChatOptions.RequestIdKey] = 7 } };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync("one", options, Stop));
        Assert.Contains(AgentChatOptions.RequestIdKey, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conversation_OfAClientWithAnotherVersion_GoesOn()
    {
        using var before = _program.Client.AsChatClient("talks");
        using var after = _program.Client.AsChatClient("talks", new AgentChatOptions { AgentVersion = 1 });
        var options = new ChatOptions { ConversationId = "talk" };
        await before.GetResponseAsync("one", options, Stop);

        Assert.Equal(TalkingProgram.AnswerTo("two"), (await after.GetResponseAsync("two", options, Stop)).Text);
    }

    private static ChatOptions Request(string id, string? conversation = null) =>
        new() { ConversationId = conversation, AdditionalProperties = new() { [AgentChatOptions.RequestIdKey] = id } };
}
