using AgentRuntime.Common;
using AgentRuntime.Tenants;

namespace AgentRuntime.Silo.Tests.Tenants;

public sealed class TenancyPlanTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly TenantId Other = TenantId.Parse("other");

    [Fact]
    public void Of_Default_IsSharedAndServesAll()
    {
        var plan = TenancyPlan.Of(new TenancyOptions(), []);

        Assert.Equal((TenancyMode.Shared, "shared"), (plan.Mode, plan.ToString()));
        Assert.Null(plan.SegmentOf(Acme));
        Assert.True(plan.ServesHere(null));
    }

    [Fact]
    public void Of_Segments_AreServedByLabelledSilosOnly()
    {
        var labelled = Segmented(["umbrella", "acme"], "acme");
        var plain = Segmented(["acme", "umbrella"]);

        Assert.Equal("segmented: acme umbrella", plain.ToString());
        Assert.Equal(plain.ToString(), labelled.ToString());
        Assert.Equal((Acme, null), (plain.SegmentOf(Acme), plain.SegmentOf(Other)));
        Assert.Equal((true, false, false), (labelled.ServesHere(Acme), labelled.ServesHere(TenantId.Parse("umbrella")), labelled.ServesHere(null)));
        Assert.Equal((false, true), (plain.ServesHere(Acme), plain.ServesHere(null)));
    }

    [Theory]
    [InlineData("Segmented", "", "", "Tenancy:Mode is 'Segmented'")]
    [InlineData("segmented", "", "", "Tenancy:Segments names no tenant")]
    [InlineData("shared", "acme", "", "Tenancy:Segments names tenants, but Tenancy:Mode is shared")]
    [InlineData("account-per-tenant", "acme", "", "Tenancy:Segments names tenants, but Tenancy:Mode is account-per-tenant")]
    [InlineData("segmented", "Acme", "", "Tenancy:Segments: must be")]
    [InlineData("segmented", "acme", "acne", "Silo:Serves names acne")]
    [InlineData("shared", "", "acme", "Silo:Serves names acme")]
    public void Of_Wrong_NamesTheKey(string mode, string segments, string serves, string named)
    {
        var failure = Assert.ThrowsAny<AgentRuntimeException>(() => Plan(mode, Split(segments), Split(serves)));

        Assert.Equal(ErrorCode.InvalidArgument, failure.Code);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TooManySegments_IsRefused() => Assert.Contains(
        "more than 64",
        Assert.Throws<AgentRuntimeException>(() => Segmented([.. Enumerable.Range(0, TenancyPlan.MaxSegments + 1).Select(number => $"t{number}")])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Serves_NameOfASilo_SaysItBack()
    {
        var labelled = SiloLabels.Name(11111, Segmented(["acme", "umbrella"], "acme", "umbrella"));
        var plain = SiloLabels.Name(11111, Segmented(["acme"]));

        Assert.Equal((true, false, false), (SiloLabels.Serves(labelled, Acme), SiloLabels.Serves(labelled, Other), SiloLabels.Serves(labelled, null)));
        Assert.Equal((false, true), (SiloLabels.Serves(plain, Acme), SiloLabels.Serves(plain, null)));
        // No name is a part of another one's.
        Assert.False(SiloLabels.Serves(labelled, TenantId.Parse("acm")));
        Assert.False(SiloLabels.Serves(labelled, TenantId.Parse("serves")));
    }

    internal static TenancyPlan Segmented(string[] segments, params string[] serves) => Plan("segmented", segments, serves);

    private static TenancyPlan Plan(string mode, string[] segments, string[] serves)
    {
        var options = new TenancyOptions { Mode = mode };
        foreach (var segment in segments) options.Segments.Add(segment);
        return TenancyPlan.Of(options, serves);
    }

    private static string[] Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
