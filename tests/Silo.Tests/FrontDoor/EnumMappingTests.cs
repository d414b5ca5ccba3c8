namespace AgentRuntime.Silo.Tests.FrontDoor;

/// <summary>The wire's enums have the numbers and names of the contracts' ones, because mapping is a cast.</summary>
public sealed class EnumMappingTests
{
    [Theory]
    [InlineData(typeof(V1.RunState), typeof(AgentRuntime.Runs.RunStatus))]
    [InlineData(typeof(V1.ApprovalState), typeof(AgentRuntime.Approvals.ApprovalState))]
    [InlineData(typeof(V1.ApprovalKind), typeof(AgentRuntime.Approvals.ApprovalKind))]
    [InlineData(typeof(V1.ApprovalVerdict), typeof(AgentRuntime.Approvals.ApprovalVerdict))]
    [InlineData(typeof(V1.RiskLevel), typeof(AgentRuntime.Common.RiskLevel))]
    [InlineData(typeof(V1.EffectClass), typeof(AgentRuntime.Common.EffectClass))]
    public void WireEnum_BesidesUnspecified_IsTheContractsEnum(Type wire, Type contract) =>
        Assert.Equal(Pairs(contract), Pairs(wire).Where(pair => pair.Number != 0));

    private static IEnumerable<(string Name, int Number)> Pairs(Type type) =>
        Enum.GetValues(type).Cast<object>().Select(value => (value.ToString()!, Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)));
}
