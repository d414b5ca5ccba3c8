using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;

namespace AgentRuntime.Silo.Tests.FrontDoor.Names;

public sealed class PageTokenTests
{
    [Theory]
    [InlineData(0, 50)]
    [InlineData(1, 1)]
    [InlineData(200, 200)]
    [InlineData(int.MaxValue, 200)]
    public void Size_Requested_IsBounded(int requested, int size) => Assert.Equal(size, PageToken.Size(requested));

    [Fact]
    public void Size_Negative_IsRefused() => Assert.Throws<InvalidInputException>(() => PageToken.Size(-1));

    [Fact]
    public void Read_OwnToken_GivesThePosition() => Assert.Equal("42", PageToken.Read("runs|acme", PageToken.Write("runs|acme", "42")));

    [Fact]
    public void Read_NoToken_BeginsAtTheStart() => Assert.Null(PageToken.Read("runs|acme", ""));

    [Fact]
    public void Read_TokenOfAnotherQuery_IsRefused() =>
        Assert.Throws<InvalidInputException>(() => PageToken.Read("runs|other", PageToken.Write("runs|acme", "42")));

    [Theory]
    [InlineData("!")]
    [InlineData("abc")]
    [InlineData("\u202e")]
    public void Read_Rubbish_IsRefused(string token) =>
        Assert.Equal("page_token", Assert.Throws<InvalidInputException>(() => PageToken.Read("runs|acme", token)).Field);

    [Fact]
    public void Read_HugeToken_IsRefused() => Assert.Throws<InvalidInputException>(() => PageToken.Read("runs|acme", new string('A', 100_000)));
}
