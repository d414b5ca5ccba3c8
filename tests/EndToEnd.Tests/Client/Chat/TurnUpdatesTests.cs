extern alias client;

using client::AgentRuntime.Client.Chat;
using Microsoft.Extensions.AI;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Client.Chat;

public sealed class TurnUpdatesTests
{
    private const string Run = "tenants/acme/runs/r";

    private readonly TurnUpdates _updates = new(new ChatTurn("tenants/acme/sessions/s", Run, TurnBegin.AtFirst), "talks");
    private readonly RunReading _reading = new(Run, TurnBegin.AtFirst);
    private readonly List<ChatResponseUpdate> _passed = [];

    [Fact]
    public void Of_PiecesAndTheirRecord_AreTheTextOnce()
    {
        Piece(1, 0, "Hel");
        Piece(1, 3, "lo");
        Reply(seq: 1, attempt: 1, "Hello there.");
        Assert.Equal(["Hel", "lo", " there."], Texts);
        Assert.Single(_passed.Select(update => update.MessageId).Distinct());
    }

    [Fact]
    public void Of_PieceThatIsMissing_LeavesTheRestToTheRecord()
    {
        Piece(1, 0, "Hel");
        Piece(1, 5, " there");
        Reply(seq: 1, attempt: 1, "Hello there.");
        Assert.Equal(["Hel", "lo there."], Texts);
    }

    [Fact]
    public void Of_PieceThatComesAgain_PassesOnOnlyWhatIsNew()
    {
        Piece(1, 0, "Hel");
        Piece(1, 0, "Hello");
        Piece(1, 2, "llo");
        Assert.Equal(["Hel", "lo"], Texts);
    }

    [Fact]
    public void Of_AttemptThatIsVoid_SaysSoInItsMessage_AndTheNextIsAnother()
    {
        Piece(1, 0, "Hel");
        _passed.AddRange(_updates.Of(new() { DeltasVoided = new() { Step = 1, Attempt = 1, Seq = 2 } }, _reading));
        Piece(2, 0, "Good");
        Reply(seq: 3, attempt: 2, "Good day.");

        var response = _passed.ToChatResponse();
        Assert.Equal(2, response.Messages.Count);
        Assert.Equal("Good day.", Assert.Single(response.RemoveVoided().Messages).Text);
    }

    [Theory]
    [InlineData(2, "Hello.")]
    [InlineData(1, "Good day.")]
    public void Of_RecordThatContradictsThePieces_VoidsThemAndHasTheWholeText(int attempt, string text)
    {
        Piece(1, 0, "Hel");
        Reply(seq: 3, attempt, text);
        Assert.Equal(["Hel", text], Texts);
        Assert.Single(_passed, update => update.Contents is [VoidedMessageContent]);
    }

    [Fact]
    public void Of_PiecesOfAnotherAttempt_VoidThoseBefore_EvenIfNobodySaidSo()
    {
        Piece(1, 0, "Hel");
        Piece(2, 0, "Good");
        Assert.Single(_passed, update => update.Contents is [VoidedMessageContent]);
        Assert.Equal(["Hel", "Good"], Texts);
    }

    [Fact]
    public void Of_RepliesBeforeTheTurn_AreNotPassedOn()
    {
        var reading = new RunReading(Run, TurnBegin.After(5));
        var record = Record(4, 1, "Old.");
        reading.Take(record);
        Assert.Empty(_updates.Of(new() { Record = record }, reading));
    }

    private IEnumerable<string> Texts => _passed.Select(update => update.Text).Where(text => text.Length > 0);

    private void Piece(int attempt, int offset, string text) =>
        _passed.AddRange(_updates.Of(new() { Delta = new() { Step = 1, Attempt = attempt, Offset = offset, Text = text } }, _reading));

    private void Reply(long seq, int attempt, string text)
    {
        var record = Record(seq, attempt, text);
        _reading.Take(record);
        _passed.AddRange(_updates.Of(new() { Record = record }, _reading));
    }

    private static Wire.RunRecord Record(long seq, int attempt, string text) => new()
    {
        Seq = seq,
        Type = "model.replied",
        PayloadJson = $$"""{"step":1,"attempt":{{attempt}},"model":"m","text":"{{text}}","calls":[],"inputTokens":1,"outputTokens":1}""",
    };
}
