using System.Text.Json;
using AgentRuntime.Mcp.Children;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Mcp.Children;

public sealed class ServerProcessTests : IDisposable
{
    private const int Nobody = 65_534;

    private readonly OwnServer _server = new(OwnServer.Tool("environment"), OwnServer.Tool("read"), OwnServer.Tool("shout"), OwnServer.Tool("betray"));

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Environment_HoldsWhatIsListedAndNothingElse()
    {
        var options = _server.Options();
        options.Environment["LISTED"] = "for {tenant}";
        options.WorkingDirectory = _server.Folder;
        var seen = await AskAsync(options);

        Assert.NotNull(Environment.GetEnvironmentVariable("PATH"));
        Assert.Equal(["LISTED", "cwd", "uid"], seen.EnumerateObject().Select(variable => variable.Name).Order(StringComparer.Ordinal));
        Assert.Equal("for acme", seen.GetProperty("LISTED").GetString());
        Assert.Equal(_server.Folder, seen.GetProperty("cwd").GetString());
    }

    [Fact]
    public async Task Environment_Secret_IsGivenToTheServerAndTakenOutOfItsAnswers()
    {
        const string variable = "AGENTRT_SECRET__ACME__MCP_TOKEN";
        Environment.SetEnvironmentVariable(variable, "hush\"hush");
        try
        {
            var options = _server.Options();
            options.Environment["TOKEN"] = "secret:mcp-token";
            Assert.Equal("[secret]", (await AskAsync(options)).GetProperty("TOKEN").GetString());
            var log = new ListLogger();
            await using (var bench = new McpBench(options, log: log))
            {
                var refused = Assert.IsType<ToolOutcome.Failed>(await bench.CallAsync(await bench.ToolAsync("betray"), new { name = "TOKEN" }));
                Assert.Contains("[secret]", refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
            }

            Assert.Contains(log.Lines, line => line.EndsWith("says: [secret]", StringComparison.Ordinal));
            Assert.DoesNotContain(log.Lines, line => line.Contains("hush", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    // Redacted after the cut, the part before it would stay; and so would what is left of a secret where reading ends.
    [Theory]
    [InlineData(ServerErrors.MaxLineChars - 5, 1)]
    [InlineData(3, 50)]
    public async Task StandardError_SecretWhereALineIsCut_IsNotLoggedInPart(int before, int times)
    {
        const string variable = "AGENTRT_SECRET__ACME__MCP_CUT";
        Environment.SetEnvironmentVariable(variable, string.Concat(Enumerable.Repeat("hush-", 80)));
        try
        {
            var options = _server.Options();
            options.Environment["TOKEN"] = "secret:mcp-cut";
            var log = new ListLogger();
            await using (var bench = new McpBench(options, log: log))
                await bench.CallAsync(await bench.ToolAsync("betray"), new { name = "TOKEN", before, times });

            Assert.Contains(log.Lines, line => line.Contains("says: xxx", StringComparison.Ordinal));
            Assert.DoesNotContain(log.Lines, line => line.Contains("hus", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(Nobody, false)]
    public async Task Start_WithoutAnotherUser_WarnsThatItCanReadTheDataFolder(int? uid, bool isWarned)
    {
        Assert.SkipWhen(uid is not null && ChildCommand.WhyNoUid() is not null, $"needs Linux and root: {ChildCommand.WhyNoUid()}");
        var options = _server.Options();
        options.Uid = uid;
        var log = new ListLogger();
        await using (var bench = new McpBench(options, log: log)) await bench.ListAsync();
        Assert.Equal(isWarned, log.Lines.Any(line => line.Contains("can read the data folder. Set Mcp:Servers:own:Uid", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Environment_SecretThatIsNotSet_StartsNothing()
    {
        var options = _server.Options();
        options.Environment["TOKEN"] = "secret:not-there";
        await using var bench = new McpBench(options);
        var refused = await Assert.ThrowsAsync<AgentRuntime.Common.AgentRuntimeException>(bench.ListAsync);
        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Contains("'not-there'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Processes());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(Nobody, true)]
    public async Task Uid_OtherThanTheSilos_CannotReadTheDataFolder(int? uid, bool isKeptOut)
    {
        Assert.SkipWhen(ChildCommand.WhyNoUid() is not null, $"needs Linux and root: {ChildCommand.WhyNoUid()}");
        var keys = Directory.CreateDirectory(Path.Combine(_server.Folder, "data", "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var key = Path.Combine(keys.FullName, "root.key");
        await File.WriteAllTextAsync(key, "the key", TestContext.Current.CancellationToken);
        var options = _server.Options();
        options.Uid = uid;
        await using var bench = new McpBench(options);

        var outcome = await bench.CallAsync(await bench.ToolAsync("read"), new { path = key });

        Assert.Equal(uid ?? 0, JsonElement.Parse(Text(await bench.CallAsync(await bench.ToolAsync("environment"), new { }))).GetProperty("uid").GetInt32());
        if (isKeptOut) Assert.Contains("EACCES", Assert.IsType<ToolOutcome.Failed>(outcome).Message, StringComparison.Ordinal);
        else Assert.Equal("the key", Text(outcome));
    }

    [Fact]
    public async Task StandardError_Flood_IsReadAndLoggedWithinBounds()
    {
        var log = new ListLogger();
        await using (var bench = new McpBench(_server.Options(), log: log))
        {
            Assert.Equal("shouted", Text(await bench.CallAsync(await bench.ToolAsync("shout"), new { lines = 5_000, length = 3_000 })));
        }

        var lines = log.Lines.Where(message => message.Contains("says", StringComparison.Ordinal)).ToList();
        Assert.Equal(ServerErrors.MaxLines + 1, lines.Count);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, ServerErrors.MaxLineChars + 100));
        Assert.Contains("more than is logged", lines[^1], StringComparison.Ordinal);
    }

    private static string Text(ToolOutcome outcome) => Assert.IsType<ToolOutcome.Succeeded>(outcome).Result;

    private static async Task<JsonElement> AskAsync(McpServerOptions options)
    {
        await using var bench = new McpBench(options);
        return JsonElement.Parse(Text(await bench.CallAsync(await bench.ToolAsync("environment"), new { })));
    }
}
