using AgentRuntime.Common;
using AgentRuntime.Mcp.Importing;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Mcp.Importing;

[Collection(McpHost.Everything)]
public sealed class McpImporterTests(McpHost host, ITestOutputHelper output)
{
    [Theory]
    [InlineData(McpHost.Everything, 13, "simulate-research-query")]
    [InlineData(McpHost.Files, 14, null)]
    [InlineData(McpHost.Memory, 9, null)]
    public async Task Import_EveryToolOfARealServer_IsADraftOrRefusedByName(string server, int listed, string? refused)
    {
        var report = await new McpDesk(await host.SiloAsync(), McpHost.Fresh).ImportAsync(server);

        output.WriteLine($"{server}: {report.Imported.Count} imported, {report.Refused.Count} refused");
        foreach (var tool in report.Refused) output.WriteLine($"  {tool.WireName}: {tool.Reason}");
        Assert.Equal(listed, report.Imported.Count + report.Refused.Count);
        Assert.Equal(refused, report.Refused.SingleOrDefault()?.WireName);
        Assert.All(report.Refused, tool => Assert.Contains("execution.taskSupport", tool.Reason, StringComparison.Ordinal));
        Assert.All(report.Imported, tool =>
        {
            Assert.True(tool.IsNew);
            Assert.Equal((RiskLevel.WriteHigh, EffectClass.AtMostOnce), (tool.Version.Contract.Risk, tool.Version.Contract.Effect));
            Assert.Equal(server, Assert.IsType<McpInvoker>(tool.Version.Contract.Invoker).Server);
            Assert.Matches("^[A-Za-z0-9_-]{1,64}$", tool.Version.ModelName);
        });
    }

    [Fact]
    public async Task Import_Again_ChangesNothingAndKeepsWhatPeopleDecided()
    {
        var desk = new McpDesk(await host.SiloAsync());
        var published = await desk.PublishAsync(McpHost.Everything, "get-sum", contract => contract with { Risk = RiskLevel.Read, Effect = EffectClass.Read });

        var again = await desk.ImportAsync(McpHost.Everything);

        Assert.Equal(published, Assert.Single(again.Imported, tool => tool.Version.Tool == published.Tool).Version);
        Assert.All(again.Imported, tool => Assert.False(tool.IsNew));
    }

    [Theory]
    [InlineData("get_x", "'get_x' and 'get-x' and 'Get X'")]
    [InlineData("get-x", "'get_x' and 'get-x' and 'Get X'")]
    [InlineData("twice", "'twice' and 'twice'")]
    [InlineData("no-schema", "inputSchema: is missing")]
    [InlineData("odd-keyword", "'x-odd'")]
    [InlineData("odd-root", "\"type\": \"object\"")]
    [InlineData("taken", "'clash-taken', which is tool 'clash-taken', which is of no MCP server")]
    [InlineData("na\u00efve", "wireName")]
    [InlineData("", "wireName")]
    public async Task Import_ToolThatCannotBe_IsRefusedNamingItAndTheCulprit(string wireName, string culprit)
    {
        var silo = await host.SiloAsync();
        await silo.AddToolAsync("clash-taken", RunCast.Look, timeoutMs: 1_000);
        var report = await new McpDesk(silo).ImportAsync(McpHost.Clash);

        Assert.All(report.Refused.Where(tool => tool.WireName == wireName), tool => Assert.Contains(culprit, tool.Reason, StringComparison.Ordinal));
        Assert.Contains(report.Refused, tool => tool.WireName == wireName);
        Assert.DoesNotContain(report.Imported, tool => tool.Version.Contract.WireName == wireName);
    }

    [Fact]
    public async Task Import_OddNamesAndTexts_AreKeptVerbatimAndGetNamesForModels()
    {
        var report = await new McpDesk(await host.SiloAsync()).ImportAsync(McpHost.Clash);

        var longName = Assert.Single(report.Imported, tool => tool.Version.Contract.WireName == McpHost.LongName).Version;
        Assert.Equal(64, longName.ModelName.Length);
        var path = Assert.Single(report.Imported, tool => tool.Version.Contract.WireName == "dir/Read File").Version;
        Assert.Equal(("clash-dir-read-file", "one\ntwo"), (path.ModelName, path.Contract.Description));
        var silent = Assert.Single(report.Imported, tool => tool.Version.Contract.WireName == "silent").Version;
        Assert.Contains("'silent' of MCP server 'clash'", silent.Contract.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_ToolThatIsOfNoServer_SaysSo()
    {
        var silo = await host.SiloAsync();
        var function = await silo.Grains.GetGrain<IToolGrain>(ToolGrainKey.For(RunCast.Tenant, ToolId.Parse(RunCast.Look))).GetAsync("", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => silo.Get<McpImporter>().CompareAsync(RunCast.Tenant, function!, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
    }
}
