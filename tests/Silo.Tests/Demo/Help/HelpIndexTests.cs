using AgentRuntime.Demo;
using AgentRuntime.Demo.Help;

namespace AgentRuntime.Silo.Tests.Demo.Help;

public class HelpIndexTests
{
    private static readonly HelpIndex Index = new(HelpPage.ReadAll(DemoSamples.Find().Help));

    [Theory]
    [InlineData("I forgot my password", "reset-password")]
    [InlineData("parcel tracking", "track-parcel")]
    [InlineData("money back for a return", "returns-and-refunds")]
    [InlineData("authenticator on a new phone", "two-factor")]
    [InlineData("the hub goes offline", "hub-offline")]
    [InlineData("GDPR request", "personal-data")]
    [InlineData("pairing a motion sensor", "pair-a-lamp")]
    public void Search_Words_BestPageFirst(string query, string page) => Assert.Equal(page, Index.Search(query)[0].Page.Page);

    [Theory]
    [InlineData("")]
    [InlineData("the and of")]
    [InlineData("xyzzy plugh")]
    public void Search_NothingToFind_IsEmpty(string query) => Assert.Empty(Index.Search(query));

    [Fact]
    public void Search_RareWord_CountsMoreThanCommonOnes()
    {
        var index = new HelpIndex([new HelpPage("a", "A", "lamp lamp lamp"), new HelpPage("b", "B", "lamp dimmer"), new HelpPage("c", "C", "lamp")]);

        Assert.Equal("b", index.Search("lamp dimmer")[0].Page.Page);
    }

    // Two pages of equal length, one holds the word once: idf = ln(1 + 1.5/1.5) = ln 2, and its factor is (1 x 2.2) / (1 + 1.2) = 1.
    [Fact]
    public void Search_ByHand_SameScore()
    {
        var index = new HelpIndex([new HelpPage("a", "xx", "lamp"), new HelpPage("b", "yy", "bulb")]);

        Assert.Equal(Math.Round(Math.Log(2), 3), Assert.Single(index.Search("lamp")).Score);
    }
}
