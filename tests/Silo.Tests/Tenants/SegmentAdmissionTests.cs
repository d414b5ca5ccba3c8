using AgentRuntime.Common;
using AgentRuntime.Tenants;

namespace AgentRuntime.Silo.Tests.Tenants;

public sealed class SegmentAdmissionTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly TenantId Other = TenantId.Parse("other");

    [Fact]
    public async Task Require_TenantThatIsServed_Passes()
    {
        new SegmentAdmission(TenancyPlanTests.Segmented(["acme"], "acme")).Require(Acme);
        var shared = new SegmentAdmission(TenancyPlanTests.Segmented(["acme"]));
        shared.Require(Other);
        await shared.AdmitAsync(Acme);
    }

    [Fact]
    public void Require_AnotherTenant_NamesTheSilosToCall()
    {
        var refused = Assert.Throws<AgentRuntimeException>(() => new SegmentAdmission(TenancyPlanTests.Segmented(["acme"])).Require(Acme));
        Assert.Equal((ErrorCode.FailedPrecondition, true), (refused.Code, refused.Message.Contains("--serves acme", StringComparison.Ordinal)));
        refused = Assert.Throws<AgentRuntimeException>(() => new SegmentAdmission(TenancyPlanTests.Segmented(["acme"], "acme")).Require(Other));
        Assert.Equal((ErrorCode.FailedPrecondition, true), (refused.Code, refused.Message.Contains("without --serves", StringComparison.Ordinal)));
    }
}
