using System.Text.Json;
using AgentRuntime.Models.Tokens;
using CsCheck;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Grains.Tests.Models;

public sealed class TokenCounterTests
{
    // Counts of OpenAI's own implementation of o200k_base.
    [Theory]
    [InlineData("", 0)]
    [InlineData("hello world", 2)]
    [InlineData("tiktoken is great!", 6)]
    [InlineData("antidisestablishmentarianism", 6)]
    [InlineData("2 + 2 = 4", 7)]
    [InlineData("お誕生日おめでとう", 8)]
    public void Count_OfAText_IsThatOfTheEncoding(string text, int tokens) => Assert.Equal(tokens, TokenCounter.Count(text));

    [Fact]
    public void Count_OfAMessage_CoversCallsAndResults()
    {
        var call = new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["where"] = JsonElement.Parse("\"hall\""), ["n"] = null });
        var bare = TokenCounter.Count(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "look")]));
        Assert.InRange(TokenCounter.Count(new ChatMessage(ChatRole.Assistant, [call])), bare + 5, bare + 15);
        Assert.InRange(TokenCounter.Count(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "one two three")])), 8, 12);
    }

    [Fact]
    public void Cut_OfAnyText_IsItsLongestFittingBeginningOrNearlySo() =>
        Gen.Select(Gen.String[0, 3_000], Gen.Int[1, 3_000]).Sample((text, max) =>
        {
            var cut = TokenCounter.Cut(text, max);
            Assert.StartsWith(cut, text, StringComparison.Ordinal);
            // Counted in other pieces, a text may have a token more for each of them.
            Assert.InRange(TokenCounter.Count(cut), 0, max + 8);
            if (TokenCounter.Count(text) <= max - 8) Assert.Equal(text, cut);
        }, iter: 50);

    [Fact]
    public void Count_OfAWordWithoutEnd_EndsSoon()
    {
        var started = TimeProvider.System.GetTimestamp();
        Assert.InRange(TokenCounter.Count(new string('a', 200_000)), 10_000, 200_000);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 20);
    }
}
