extern alias client;

using client::AgentRuntime.Client.Chat;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Client.Chat;

public sealed class RunReadingTests
{
    private const string Run = "tenants/acme/runs/r";

    [Fact]
    public void Take_RepliesBeforeTheTurn_AreNotItsOwn()
    {
        var reading = Read(TurnBegin.At("mine"), Record("run.started"), Reply("I pay.", calls: """{"name":"pay"}"""), Input("mine"));
        Assert.Null(reading.Reply);
    }

    [Fact]
    public void Take_ReplyThatTheRunDoesNotCompleteWith_AnswersWhoHadBeenHeardBefore()
    {
        var reading = Read(TurnBegin.AtFirst, Record("run.started"), Input("other"), Reply("First."));
        Assert.Null(reading.Answer);
        reading.Take(Numbered(3, Reply("Second.")));
        Assert.Equal("First.", reading.Answer?.Text);
    }

    [Fact]
    public void Take_ReplyThatTheRunDoesNotCompleteWith_IsStaleToWhoSpokeMeanwhile()
    {
        var reading = Read(TurnBegin.At("mine"), Record("run.started"), Input("mine"), Reply("First."), Reply("Second."));
        Assert.Equal(("First.", "Second."), (reading.Stale?.Text, reading.Reply?.Text));
        reading.Take(Numbered(4, Record("run.completed", """{"output":"Second."}""")));
        Assert.Equal(("Second.", null, null), (reading.Output, reading.Answer, reading.Stale));
    }

    [Fact]
    public void Take_InputBeforeAToolReturned_IsShownToTheNextReply()
    {
        var reading = Read(
            TurnBegin.At("mine"),
            Record("run.started"),
            Reply("I pay.", calls: """{"name":"pay"}"""),
            Input("mine"),
            Record("tool.returned", "{}"),
            Input("other"),
            Reply("Mine."),
            Reply("Other's."));
        Assert.Equal("Mine.", reading.Answer?.Text);
    }

    [Fact]
    public void Take_InputThatARunWaitedFor_IsShownToTheNextReply()
    {
        var reading = Read(TurnBegin.At("mine"), Record("run.started"), HandOver(), Input("mine"), Input("other"), Reply("Mine."), Reply("Other's."));
        Assert.Equal("Mine.", reading.Answer?.Text);
    }

    [Fact]
    public void Take_PieceOfTheNextStep_ShowsThatTheRunGoesOn()
    {
        var reading = Read(TurnBegin.AtFirst, Record("run.started"), Input("other"), Reply("First."));
        reading.Take(new Wire.WatchRunResponse { Delta = new() { Step = 1, Attempt = 1, Text = "First" } });
        Assert.Null(reading.Answer);
        reading.Take(new Wire.WatchRunResponse { Delta = new() { Step = 2, Attempt = 1, Text = "Sec" } });
        Assert.Equal("First.", reading.Answer?.Text);
    }

    private static RunReading Read(TurnBegin begin, params Wire.RunRecord[] records)
    {
        var reading = new RunReading(Run, begin);
        for (var seq = 0; seq < records.Length; seq++) reading.Take(Numbered(seq, records[seq]));
        return reading;
    }

    private static Wire.RunRecord Numbered(long seq, Wire.RunRecord record)
    {
        record.Seq = seq;
        return record;
    }

    private static Wire.RunRecord Record(string type, string payload = "") => new() { Type = type, PayloadJson = payload };

    private static Wire.RunRecord Input(string requestId) => Record("input.received", $$"""{"requestId":"{{requestId}}"}""");

    private static Wire.RunRecord Reply(string text, string calls = "") =>
        Record("model.replied", $$"""{"step":1,"attempt":1,"model":"m","text":"{{text}}","calls":[{{calls}}]}""");

    private static Wire.RunRecord HandOver() => Record("model.replied", """{"step":1,"attempt":1,"model":"m","text":"Which?","calls":[],"needsPerson":true}""");
}
