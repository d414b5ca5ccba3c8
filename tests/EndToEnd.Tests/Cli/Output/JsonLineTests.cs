extern alias cli;
extern alias client;

using System.Text.Json;
using cli::AgentRuntime.Cli.Output;
using client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Cli.Output;

public sealed class JsonLineTests
{
    [Fact]
    public void Of_RecordWithPayload_NestsItAsAValue()
    {
        using var json = Parse(new RunRecord { Seq = 3, Type = "tool.returned", PayloadJson = """{"result":"ok"}""" });
        Assert.Equal("ok", json.RootElement.GetProperty("payload").GetProperty("result").GetString());
        Assert.False(json.RootElement.TryGetProperty("payloadJson", out _));
    }

    [Fact]
    public void Of_PayloadThatIsNoJson_StaysText()
    {
        using var json = Parse(new Approval { ArgumentsJson = "{\"cut" });
        Assert.Equal("{\"cut", json.RootElement.GetProperty("argumentsJson").GetString());
    }

    [Fact]
    public void Of_AnyText_IsOneLineOfPrintableAscii()
    {
        var line = JsonLine.Of(new Run { Output = "a\nb\u001b[31m\u202e\u009b\u00e9" });
        Assert.All(line, c => Assert.InRange(c, ' ', '~'));
        using var json = JsonDocument.Parse(line);
        Assert.Equal("a\nb\u001b[31m\u202e\u009b\u00e9", json.RootElement.GetProperty("output").GetString());
    }

    private static JsonDocument Parse(Google.Protobuf.IMessage message) => JsonDocument.Parse(JsonLine.Of(message));
}
