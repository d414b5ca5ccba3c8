using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;

namespace AgentRuntime.Silo.Tests.FrontDoor.Names;

public sealed class ResourceNameTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    /// <summary>Ids that are no ids: each is refused, none is normalised, and the message never repeats it.</summary>
    public static TheoryData<string> BadIds =>
    [
        "", "a/b", "a/../b", "..", ".", "a.b", "a b", " a", "a\n", "a\r\nb", "a\0", "a\u0007", "a\u001b[31m", "A", "Run", "\u00e9", "\u0430", "a\u202eb", "a\u200bb",
        "\uff41", "\uff0f", "a%2fb", "a\\b", "a:b", "a|b", "a_b", "~", "'", new string('a', 65),
    ];

    [Theory]
    [MemberData(nameof(BadIds))]
    public void Run_BadId_IsRefusedWithoutRepeatingIt(string id)
    {
        var refused = Assert.Throws<InvalidInputException>(() => ResourceName.Run($"tenants/acme/runs/{id}", Acme));
        Assert.Equal("name", refused.Field);
        if (id.Any(char.IsControl)) Assert.DoesNotContain(id, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadIds))]
    public void Run_BadTenant_IsRefused(string tenant) =>
        Assert.Throws<InvalidInputException>(() => ResourceName.Run($"tenants/{tenant}/runs/r", Acme));

    [Theory]
    [InlineData("tenants/acme/runs/r", true)]
    [InlineData("tenants/acme/agents/r", false)]
    [InlineData("tenants/acme/runs/r/", false)]
    [InlineData("/tenants/acme/runs/r", false)]
    [InlineData("Tenants/acme/runs/r", false)]
    [InlineData("tenants//runs/r", false)]
    [InlineData("r", false)]
    [InlineData("", false)]
    public void Run_Form_IsExact(string name, bool holds)
    {
        if (holds) Assert.Equal("r", ResourceName.Run(name, Acme).Value);
        else Assert.Throws<InvalidInputException>(() => ResourceName.Run(name, Acme));
    }

    [Fact]
    public void Run_OfAnotherTenantThanTheCredential_IsAnInvalidArgument()
    {
        var refused = Assert.Throws<InvalidInputException>(() => ResourceName.Run("tenants/other/runs/r", Acme));
        Assert.Contains("acme", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireParent_OfAnotherTenantThanTheCredential_IsAnInvalidArgument()
    {
        ResourceName.RequireParent("tenants/acme", Acme);
        Assert.Equal("parent", Assert.Throws<InvalidInputException>(() => ResourceName.RequireParent("tenants/other", Acme)).Field);
    }

    [Fact]
    public void Names_WrittenAndRead_AreTheSame()
    {
        Assert.Equal("r-1", ResourceName.Run(ResourceName.OfRun(Acme, "r-1"), Acme).Value);
        Assert.Equal("a-1", ResourceName.Agent(ResourceName.OfAgent(Acme, "a-1"), Acme).Value);
        Assert.Equal("t-1", ResourceName.Tool(ResourceName.OfTool(Acme, "t-1"), Acme).Value);
        Assert.Equal("p-1", ResourceName.Approval(ResourceName.OfApproval(Acme, "p-1"), Acme).Value);
        Assert.Equal(Acme, ResourceName.Tenant(ResourceName.OfTenant(Acme), "name"));
    }
}
