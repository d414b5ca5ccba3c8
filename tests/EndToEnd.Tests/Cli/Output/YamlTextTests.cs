extern alias cli;

using System.Text.Json.Nodes;
using cli::AgentRuntime.Cli.Output;
using YamlDotNet.Serialization;

namespace AgentRuntime.EndToEnd.Tests.Cli.Output;

public sealed class YamlTextTests
{
    [Fact]
    public void Of_NestedValue_IsIndented() => Assert.Equal(
        """
        name: a/b
        list:
          - x: 1
            deep:
              - "2"
              - []
          - null
        none: {}
        is: true
        """.ReplaceLineEndings("\n"),
        YamlText.Of(JsonNode.Parse("""{"name":"a/b","list":[{"x":1,"deep":["2",[]]},null],"none":{},"is":true}""")));

    [Theory]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("1e5")]
    [InlineData("")]
    [InlineData("- a: b # c")]
    [InlineData("a\nb\r\n\tc")]
    [InlineData("quote \" and \\ back")]
    [InlineData("\u001b[31mred\u202e\u009b\u2028\0")]
    [InlineData("ümläut, 漢字, 😀, \U000e0041")]
    [InlineData("name")]
    public void Of_AnyText_ReadsBackTheSame_AndNothingInItIsObeyed(string text)
    {
        var yaml = YamlText.Of(new JsonObject { [text] = text, ["in"] = new JsonArray(text) });
        Assert.All(yaml.EnumerateRunes(), rune => Assert.True(rune.Value == '\n' || Safe.IsPlain(rune), $"U+{rune.Value:X}"));
        var read = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(yaml);
        Assert.Equal(text, read[text]);
        Assert.Equal([text], Assert.IsType<List<object>>(read["in"]));
    }
}
