using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

public sealed class EcmaPatternTests
{
    // In steps, for time would be measured on another machine each time: at worst 14 ns for each place and character.
    [Theory]
    [InlineData("[ab]*a[ab]{1000}c", 50_000, 2_000_000, int.MaxValue)]
    [InlineData("([ab]*a([ab]c?){20}){20}", 50_000, 2_000_000, int.MaxValue)]
    [InlineData("[ab]*a[ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab]", 50_000, 50_000, 100_000)]
    [InlineData("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", 36, 10, 100)]
    [InlineData("^[a-z0-9-]{1,64}$", 30, 10, 200)]
    [InlineData("^[a-z]+$", 30, 1, 10)]
    public void Steps_OfAPattern_GrowWithWhatMatchingItMayTake(string pattern, int chars, int atLeast, int atMost)
    {
        var room = SchemaLimits.MaxPatternText;
        Assert.InRange(EcmaPattern.Compile(pattern, ref room).Steps(chars), atLeast, atMost);
    }
}
