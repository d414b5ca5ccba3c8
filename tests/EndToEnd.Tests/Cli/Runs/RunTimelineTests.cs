extern alias cli;

using cli::AgentRuntime.Cli.Runs;

namespace AgentRuntime.EndToEnd.Tests.Cli.Runs;

public sealed class RunTimelineTests
{
    private readonly RunTimeline _timeline = new();

    [Fact]
    public void Line_OfACall_NamesTheToolThatTheReplyAskedFor()
    {
        Assert.EndsWith(
            "step 2: I pay. | calls refund{\"cents\":5}",
            Line("model.replied", """{"step":2,"attempt":1,"text":"I pay.","calls":[{"id":"1","name":"refund","arguments":{"cents":5}}]}"""),
            StringComparison.Ordinal);
        Assert.EndsWith("Success: ok", Line("tool.returned", """{"step":2,"call":0,"attempt":1,"outcome":"Success","result":"ok"}"""), StringComparison.Ordinal);
        Assert.Contains("refund (step 2, call 0)", Line("tool.started", """{"step":2,"call":0,"attempt":1}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_OfAnApproval_SaysWhatToTypeAndWhoDecided()
    {
        Assert.EndsWith(
            "agentctl approval show a-1",
            Line("approval.requested", """{"approval":"a-1","step":1,"call":0,"tool":"pay","risk":"WriteHigh","requiredPeople":1,"expiresAt":"2026-01-03T03:04:05Z"}"""),
            StringComparison.Ordinal);
        Assert.EndsWith("Approve by anna: checked", Line("approval.decided", """{"approval":"a-1","verdict":"Approve","by":"urn:x|person|anna","reason":"checked"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("of.later", """{"new":1}""")]
    [InlineData("model.replied", "[]")]
    [InlineData("run.started", "no json")]
    public void Line_OfWhatItDoesNotKnow_ShowsThePayload(string type, string payload) => Assert.EndsWith(payload, Line(type, payload), StringComparison.Ordinal);

    [Fact]
    public void Line_WithoutPayload_SaysSo() =>
        Assert.EndsWith("(erased)", _timeline.Line(1, DateTimeOffset.UnixEpoch, "run.started", null, "(erased)"), StringComparison.Ordinal);

    private string Line(string type, string payload) => _timeline.Line(1, DateTimeOffset.UnixEpoch, type, payload, "(erased)");
}
