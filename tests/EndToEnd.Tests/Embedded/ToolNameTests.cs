using AgentRuntime.Client.Embedded;
using AgentRuntime.Common;

namespace AgentRuntime.EndToEnd.Tests.Embedded;

public sealed class ToolNameTests
{
    [Theory]
    [InlineData(nameof(Methods.Refund), "refund")]
    [InlineData(nameof(Methods.FindOrderAsync), "find-order")]
    [InlineData(nameof(Methods.ReadURLFor2), "read-url-for2")]
    [InlineData(nameof(Methods.snake_case), "snake-case")]
    [InlineData(nameof(Methods.Async), "async")]
    public void Of_Method_IsItsNameInSmallLetters(string method, string name) => Assert.Equal(name, ToolName.Of(typeof(Methods).GetMethod(method)!));

    [Fact]
    public void Of_LocalFunction_IsTheNameThatWasWritten()
    {
        static void PayBack()
        {
        }

        Assert.Equal("pay-back", ToolName.Of(((Action)PayBack).Method));
    }

    [Fact]
    public void Of_Lambda_HasNone() =>
        Assert.Contains("give it a name", Assert.Throws<InvalidInputException>(() => ToolName.Of(((Action)(() => { })).Method)).Message, StringComparison.Ordinal);

    private static class Methods
    {
        public static void Refund()
        {
        }

        public static Task FindOrderAsync() => Task.CompletedTask;

        public static void ReadURLFor2()
        {
        }

#pragma warning disable IDE1006 // Somebody may call it so.
        public static void snake_case()
        {
        }
#pragma warning restore IDE1006

        public static void Async()
        {
        }
    }
}
