using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Mcp.Children;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using AgentRuntime.Tools;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Mcp;

/// <summary>The public servers as processes of a silo.</summary>
[Collection(McpHost.Everything)]
public sealed class RealServerTests(McpHost host)
{
    [Fact]
    public async Task GetEnv_OfTheServer_HasNoneOfTheSilosVariables()
    {
        var desk = new McpDesk(await host.SiloAsync());
        var tool = await desk.PublishAsync(McpHost.Everything, "get-env");
        Assert.NotEmpty(Environment.GetEnvironmentVariables());
        Assert.Equal("{}", await desk.OkAsync(tool, new { }));
    }

    [Fact]
    public async Task Filesystem_ReadsItsFolderAndNotTheKeyFile()
    {
        var silo = await host.SiloAsync();
        var desk = new McpDesk(silo);
        var read = await desk.PublishAsync(McpHost.Files, "read_text_file");
        var key = Path.Combine(host.DataFolder, "keys", "root.key");
        Assert.True(File.Exists(key));
        var inside = Path.Combine(host.Folder, "inside.txt");
        var link = Path.Combine(host.Folder, "link.txt");
        await File.WriteAllTextAsync(inside, "for all", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(link, key);

        Assert.Equal("""{"content":"for all"}""", await desk.OkAsync(read, new { path = inside }));
        foreach (var path in new[] { key, link, Path.Combine(host.Folder, "..", "data", "keys", "root.key") })
        {
            var refused = Assert.IsType<ToolOutcome.Failed>(await desk.CallAsync(read, new { path }));
            Assert.Contains("Access denied", refused.Message, StringComparison.Ordinal);
        }
    }

    // The last test shows what the server refuses of its own accord; here nothing but its user is in the way.
    [Fact]
    public async Task Filesystem_WithTheDataFolderInItsOwn_CannotReadTheKeyFileAsAnotherUser()
    {
        var silo = await host.SiloAsync();
        Assert.SkipWhen(ChildCommand.WhyNoUid() is not null, $"needs Linux and root: {ChildCommand.WhyNoUid()}");
        var desk = new McpDesk(silo);
        var read = await desk.PublishAsync(McpHost.Above, "read_text_file");
        var open = Path.Combine(host.Folder, "open.txt");
        await File.WriteAllTextAsync(open, "for all", TestContext.Current.CancellationToken);
        Assert.Equal("""{"content":"for all"}""", await desk.OkAsync(read, new { path = open }));

        var refused = Assert.IsType<ToolOutcome.Failed>(await desk.CallAsync(read, new { path = Path.Combine(host.DataFolder, "keys", "root.key") }));

        Assert.Contains("EACCES", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_OfOneTenant_IsNotThatOfAnother()
    {
        var silo = await host.SiloAsync();
        var (desk, other) = (new McpDesk(silo), new McpDesk(silo, McpHost.Beside));
        var create = await desk.PublishAsync(McpHost.Memory, "create_entities");
        await desk.OkAsync(create, new { entities = new[] { new { name = "lamp", entityType = "thing", observations = new[] { "green" } } } });

        var mine = await desk.OkAsync(await desk.PublishAsync(McpHost.Memory, "read_graph"), new { });
        var theirs = await other.OkAsync(await other.PublishAsync(McpHost.Memory, "read_graph"), new { });

        Assert.Contains("lamp", mine, StringComparison.Ordinal);
        Assert.Equal("""{"entities":[],"relations":[]}""", theirs);
        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => new McpDesk(silo, TenantId.Parse("other")).ImportAsync(McpHost.Memory));
        Assert.Equal(ErrorCode.NotFound, refused.Code);
    }

    [Fact]
    public async Task Run_FiftyCallsWithTheServerKilledInBetween_HasFiftyAnswers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks for the server's process in /proc");
        var silo = await host.SiloAsync();
        var desk = new McpDesk(silo);
        var echo = await desk.PublishAsync(McpHost.Everything, "echo", Harmless);
        var agent = await silo.AddAgentAsync(tools: echo.Tool.Value);
        var step = 0;
        var killed = new List<int>();
        var run = await silo.RunAsync(
            _ =>
            {
                if (++step is 11 or 26 or 41) killed.AddRange(KillEverything());
                return Task.FromResult(step > 50 ? Reply.Text("done") : Call(echo.ModelName, step));
            },
            agent: agent);

        var records = await run.EndAsync();

        Assert.IsType<RunCompleted>(records[^1]);
        var returned = records.OfType<ToolReturned>().ToList();
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"Echo: {i}"), returned.Select(record => record.Result));
        Assert.All(returned, record => Assert.Equal(ToolOutcomeKind.Success, record.Outcome));
        Assert.True(killed.Distinct().Count() >= 3, $"Killed {string.Join(", ", killed)}.");
    }

    [Fact]
    public async Task Run_ServerThatDiesInACallThatMayBeRepeated_IsCalledAgainWithTheSameKey()
    {
        var silo = await host.SiloAsync();
        var stumble = await new McpDesk(silo).PublishAsync(OwnServer.Name, "stumble", Harmless);
        var run = await silo.RunAsync(Reply.CallingThenDone(stumble.ModelName), agent: await silo.AddAgentAsync(tools: stumble.Tool.Value));

        var records = await run.EndAsync();

        Assert.Equal(ErrorCode.Unavailable, Assert.Single(records.OfType<AttemptFailed>()).Code);
        Assert.Equal("attempt 2", Assert.Single(records.OfType<ToolReturned>()).Result);
    }

    [Fact]
    public async Task Run_ServerThatDiesInAnAtMostOnceCall_AsksAPersonAndCallsNobodyAgain()
    {
        var silo = await host.SiloAsync();
        var stumble = await new McpDesk(silo).PublishAsync(OwnServer.Name, "die");
        var run = await silo.RunAsync(Reply.CallingThenDone(stumble.ModelName), agent: await silo.AddAgentAsync(tools: stumble.Tool.Value));
        await run.DecideAsync(await run.AskedAsync(), ApprovalVerdict.Approve, RunCast.Approver("anna"));

        var asked = await run.AskedAsync(2);

        Assert.Equal(ApprovalKind.Resolve, (await run.InboxAsync(asked)).Kind);
        await run.DecideAsync(asked, ApprovalVerdict.DidNotHappen, RunCast.Approver("anna"));
        Assert.Single((await run.EndAsync()).OfType<ToolStarted>());
        Assert.Single(host.Own.Log(), entry => entry.TryGetProperty("called", out var called) && called.GetString() == "die");
    }

    // A person lowers what the import was careful about: other drafts of these tools stay as they are.
    private static ToolContract Harmless(ToolContract contract) => contract with { Risk = RiskLevel.Read, Effect = EffectClass.Read };

    // Another tenant's may idle beside the one that is meant.
    private static List<int> KillEverything()
    {
        var pids = Pid.Children(Environment.ProcessId, "index.js\0stdio").ToList();
        Assert.NotEmpty(pids);
        pids.ForEach(Pid.Kill);
        return pids;
    }

    private static ChatResponse Call(string tool, int n) =>
        Reply.Calls([new FunctionCallContent("c", tool, new Dictionary<string, object?> { ["message"] = $"{n}" })]);
}
