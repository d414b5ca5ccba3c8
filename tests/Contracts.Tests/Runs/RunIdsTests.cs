using AgentRuntime.Common;
using AgentRuntime.Runs;
using CsCheck;

namespace AgentRuntime.Contracts.Tests.Runs;

public sealed class RunIdsTests
{
    [Theory]
    [InlineData("acme", "order-1", "z3e5nsafarba6r5l55mukcprei")]
    [InlineData("demo", "T-1", "rco754de5a26mk3o26jm53hmdc")]
    public void FromRequest_IsTheSameForEver(string tenant, string request, string expected) =>
        Assert.Equal(expected, RunIds.FromRequest(TenantId.Parse(tenant), request).Value);

    [Fact]
    public void FromRequest_OtherTenantOrRequest_GivesAnotherRun() => Gen.Select(Gen.String[1, 128], Gen.String[1, 128]).Sample((first, second) =>
    {
        var (a, b) = (TenantId.Parse("a"), TenantId.Parse("b"));
        return RunIds.FromRequest(a, first) != RunIds.FromRequest(b, first)
            && (first == second) == (RunIds.FromRequest(a, first) == RunIds.FromRequest(a, second));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public void FromRequest_EmptyOrTooLong_IsRefused(int length) =>
        Assert.Throws<InvalidInputException>(() => RunIds.FromRequest(TenantId.Parse("a"), new string('x', length)));
}
