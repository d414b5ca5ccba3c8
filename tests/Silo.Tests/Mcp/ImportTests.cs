using AgentRuntime.Common;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Mcp;

public sealed class ImportTests(McpHost host, ITestOutputHelper output)
{
    [Theory]
    [InlineData(McpHost.Everything, 13, "simulate-research-query")]
    [InlineData(McpHost.Files, 14, null)]
    [InlineData(McpHost.Memory, 9, null)]
    public async Task Import_EveryToolOfARealServer_IsADraftOrRefusedByName(string server, int listed, string? refused)
    {
        var report = await new McpDesk(await host.SiloAsync()).ImportAsync(server);

        output.WriteLine($"{server}: {report.Imported.Count} imported, {report.Refused.Count} refused");
        foreach (var tool in report.Refused) output.WriteLine($"  {tool.WireName}: {tool.Reason}");
        Assert.Equal(listed, report.Imported.Count + report.Refused.Count);
        Assert.Equal(refused, report.Refused.SingleOrDefault()?.WireName);
        Assert.All(report.Refused, tool => Assert.Contains("execution.taskSupport", tool.Reason, StringComparison.Ordinal));
        Assert.All(report.Imported, tool =>
        {
            Assert.Equal((RiskLevel.WriteHigh, EffectClass.AtMostOnce), (tool.Version.Contract.Risk, tool.Version.Contract.Effect));
            Assert.Equal(server, Assert.IsType<McpInvoker>(tool.Version.Contract.Invoker).Server);
            Assert.Matches("^[A-Za-z0-9_-]{1,64}$", tool.Version.ModelName);
        });
    }

    [Fact]
    public async Task Call_PublishedTool_Answers()
    {
        var desk = new McpDesk(await host.SiloAsync());
        var echo = await desk.PublishAsync(McpHost.Everything, "echo");
        Assert.Equal("Echo: hello", await desk.OkAsync(echo, new { message = "hello" }));
    }
}
