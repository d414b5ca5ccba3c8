extern alias cli;

using cli::AgentRuntime.Cli.Output;

namespace AgentRuntime.EndToEnd.Tests.Cli.Output;

public sealed class SafeTests
{
    [Theory]
    [InlineData("plain text, ümläut, 漢字, 😀", "plain text, ümläut, 漢字, 😀")]
    [InlineData("\u001b[31mred\u001b[0m", "\\u{1b}[31mred\\u{1b}[0m")]
    [InlineData("\u009b31m", "\\u{9b}31m")]
    [InlineData("\u001b]0;title\u0007", "\\u{1b}]0;title\\u{7}")]
    [InlineData("pay\u202e001", "pay\\u{202e}001")]
    [InlineData("a\u2066b\u2069", "a\\u{2066}b\\u{2069}")]
    [InlineData("zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}")]
    [InlineData("over\rwrite\b", "over\\u{d}write\\u{8}")]
    [InlineData("two\nlines\u2028three", "two\\nlines\\u{2028}three")]
    [InlineData("tag\U000e0041", "tag\\u{e0041}")]
    [InlineData("pay\ufe011\u2800\U000e0100", "pay\\u{fe01}1\\u{2800}\\u{e0100}")]
    [InlineData("\0", "\\u{0}")]
    [InlineData("", "")]
    public void Text_FromOutside_HoldsNothingThatATerminalObeys(string text, string shown) => Assert.Equal(shown, Safe.Text(text));

    [Fact]
    public void Text_HalfAPair_IsShownAsReplaced() => Assert.Equal("a\\u{fffd}b", Safe.Text("a\ud800b"));

    [Fact]
    public void Text_Long_IsCut() => Assert.Equal("xxx…", Safe.Text("xxxxxx", 3));

    [Fact]
    public void Lines_KeepsLinesAndEscapesTheRest() => Assert.Equal("a\nb\\u{1b}", Safe.Lines("a\r\nb\u001b"));
}
