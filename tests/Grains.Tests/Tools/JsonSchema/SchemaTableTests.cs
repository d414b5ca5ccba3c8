namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

public sealed class SchemaTableTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => [.. SchemaTables.Own.Concat(SchemaTables.Official)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Validate_AcceptedSchemas_EveryVerdictIsRight(string file)
    {
        var result = SchemaTables.Run(file);

        output.WriteLine($"{result.Passed} right, {result.Refused.Count} schemas refused");
        Assert.Empty(result.Wrong);
        Assert.NotEqual(0, result.Passed + result.Refused.Count);
    }

    [Fact]
    public void Compile_OwnTables_RefusesNone() => Assert.Empty(SchemaTables.Own.SelectMany(file => SchemaTables.Run(file).Refused));

    [Fact]
    public void Compile_OfficialSuite_RefusesExactlyWhatIsListed()
    {
        var results = SchemaTables.Official.Select(SchemaTables.Run).ToList();
        var refused = results.SelectMany(r => r.Refused).ToList();
        output.WriteLine(results.Count == 0
            ? "The official suite does not lie beside this checkout; only our own tables were run."
            : $"Official suite: {results.Sum(r => r.Passed)} verdicts right, {results.Sum(r => r.Wrong.Count)} wrong, {refused.Count} schemas refused:");
        refused.ForEach(output.WriteLine);

        // Where the suite is missing the list is still well formed and can be compared with nothing.
        var listed = File.ReadAllLines(Path.Combine(SchemaTables.SourceFolder, "OfficialRefusals.txt"));
        Assert.NotEmpty(listed);
        if (results.Count > 0)
            Assert.Equal(listed, refused);
    }
}
