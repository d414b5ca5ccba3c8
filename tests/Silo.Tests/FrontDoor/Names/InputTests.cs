using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;

namespace AgentRuntime.Silo.Tests.FrontDoor.Names;

public sealed class InputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a\u202e")]
    [InlineData("\uff41")]
    public void RequestId_NotVisibleAscii_IsRefused(string id) => Assert.Throws<InvalidInputException>(() => Input.RequestId(id));

    [Fact]
    public void RequestId_Length_IsBounded()
    {
        Assert.Equal(128, Input.RequestId(new string('x', 128)).Length);
        Assert.Throws<InvalidInputException>(() => Input.RequestId(new string('x', 129)));
    }

    [Fact]
    public void Text_Length_CountsBytes()
    {
        Assert.Equal("\u00e9", Input.Text("\u00e9", "input", 2));
        Assert.Throws<InvalidInputException>(() => Input.Text("\u00e9\u00e9", "input", 3));
    }

    [Fact]
    public void Json_Depth_IsBounded()
    {
        Assert.NotNull(Input.Json(Nested(64), "result_json"));
        Assert.Throws<InvalidInputException>(() => Input.Json(Nested(65), "result_json"));
        Assert.Throws<InvalidInputException>(() => Input.Json(Nested(400_000), "result_json"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("nul")]
    public void Json_Malformed_IsRefused(string json) => Assert.Throws<InvalidInputException>(() => Input.Json(json, "result_json"));

    [Fact]
    public void Reason_Required_MayNotBeBlank()
    {
        Assert.Equal("", Input.Reason("", required: false));
        Assert.Throws<InvalidInputException>(() => Input.Reason(" ", required: true));
        Assert.Throws<InvalidInputException>(() => Input.Reason(new string('x', 1_001), required: false));
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
