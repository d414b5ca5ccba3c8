namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

public sealed class SchemaTableTests
{
    public static TheoryData<string> Files => [.. SchemaTables.Own.Concat(SchemaTables.Official)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Validate_AcceptedSchemas_EveryVerdictIsRight(string file)
    {
        var result = SchemaTables.Run(file);

        TestContext.Current.TestOutputHelper!.WriteLine($"{result.Passed} right, {result.Refused.Count} schemas refused");
        foreach (var refusal in result.Refused)
            TestContext.Current.TestOutputHelper.WriteLine(refusal);
        Assert.Empty(result.Wrong);
    }

    [Fact]
    public void Compile_OwnTables_RefusesNone() => Assert.Empty(SchemaTables.Own.SelectMany(file => SchemaTables.Run(file).Refused));
}
