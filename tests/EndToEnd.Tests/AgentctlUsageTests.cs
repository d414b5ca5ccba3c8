using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>agentctl where there is no silo at all.</summary>
public sealed class AgentctlUsageTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Agentctl _agentctl;

    public AgentctlUsageTests() => _agentctl = new Agentctl(_folder.Path);

    public void Dispose()
    {
        _agentctl.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Help_NamesTheNounsAndTheExitCodes()
    {
        var help = await _agentctl.OkAsync("--help");
        foreach (var word in new[] { "login", "run", "approval", "agent", "tool", "tenant", "Exit codes" }) Assert.Contains(word, help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_WithoutADataFolder_NamesItAndTheNextStep()
    {
        (await _agentctl.RunAsync("approval", "list")).FailsWith(3, _folder.Path);
        (await _agentctl.RunAsync("login", "--as", "anna")).FailsWith(3, "start one");
    }

    [Fact]
    public async Task Login_ThatCannotBe_NamesTheFix()
    {
        (await _agentctl.RunAsync("login")).FailsWith(2, "--as NAME");
        (await _agentctl.RunAsync("whoami", "--role", "platform-operator", "--tenant", "a")).FailsWith(2, "without --tenant");
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("run", "fly")]
    [InlineData("run", "list", "-o", "xml")]
    [InlineData("run", "list", "--role", "king")]
    public async Task Command_ThatIsNone_EndsWithUsageAndPointsToHelp(params string[] arguments)
    {
        var result = await _agentctl.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Try --help.", result.Errors, StringComparison.Ordinal);
    }
}
