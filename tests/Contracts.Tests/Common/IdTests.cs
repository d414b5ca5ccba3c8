using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Tools;

namespace AgentRuntime.Contracts.Tests.Common;

public sealed class IdTests
{
    private static readonly Func<string?, string>[] Parsers =
    [
        value => TenantId.Parse(value).Value,
        value => AgentId.Parse(value).Value,
        value => ToolId.Parse(value).Value,
        value => RunId.Parse(value).Value,
        value => ApprovalId.Parse(value).Value,
    ];

    public static TheoryData<string> Malformed =>
    [
        "", " ", "a b", "a/b", "a\\b", "..", "a.b", "Acme", "acme\n", "a\0b", "a_b", "a%2fb", "a:b",
        "caf\u00e9", "\uff41cme", "a\u202ecme", "a\u200bcme", "\u0430cme", new string('a', IdFormat.MaxLength + 1),
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Parse_Malformed_IsRefusedByEveryId(string value)
    {
        foreach (var parse in Parsers)
        {
            var failure = Assert.Throws<InvalidInputException>(() => parse(value));
            Assert.Equal(ErrorCode.InvalidArgument, failure.Code);
        }
    }

    [Fact]
    public void Parse_Nothing_IsRefused() => Assert.All(Parsers, parse => Assert.Throws<InvalidInputException>(() => parse(null)));

    [Theory]
    [InlineData("a")]
    [InlineData("-")]
    [InlineData("acme-2")]
    [InlineData("0123456789")]
    public void Parse_WellFormed_KeepsTheText(string value) => Assert.All(Parsers, parse => Assert.Equal(value, parse(value)));

    [Fact]
    public void Parse_Longest_IsTaken() => Assert.Equal(IdFormat.MaxLength, TenantId.Parse(new string('z', IdFormat.MaxLength)).Value.Length);

    [Fact]
    public void Parse_Malformed_NamesTheFieldOfTheCaller() =>
        Assert.Contains("owner_tenant", Assert.Throws<InvalidInputException>(() => TenantId.Parse("A", "owner_tenant")).Message, StringComparison.Ordinal);
}
