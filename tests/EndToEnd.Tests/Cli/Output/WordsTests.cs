extern alias cli;
extern alias client;

using cli::AgentRuntime.Cli;
using cli::AgentRuntime.Cli.Output;
using client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Cli.Output;

public sealed class WordsTests
{
    [Fact]
    public void Parse_EveryWord_GivesItsValueBack()
    {
        foreach (var state in Enum.GetValues<RunState>().Where(state => state != RunState.Unspecified))
        {
            Assert.Equal(state, Words.Parse<RunState>(Words.Of(state), "--state"));
        }
    }

    [Theory]
    [InlineData("unspecified")]
    [InlineData("Running")]
    [InlineData("1")]
    [InlineData("")]
    public void Parse_OtherWord_NamesTheOnesThereAre(string typed)
    {
        var fault = Assert.Throws<CliException>(() => Words.Parse<RunState>(typed, "--state"));
        Assert.Contains("waiting-for-approval", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, fault.ExitCode);
    }

    [Theory]
    [InlineData("urn:x|person|anna", "anna")]
    [InlineData("urn:x|service|app", "app (service)")]
    [InlineData("odd", "odd")]
    public void Identity_IsShort(string identity, string shown) => Assert.Equal(shown, Words.Identity(identity));
}
