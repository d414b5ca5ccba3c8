using AgentRuntime.EndToEnd.Tests.Cli.Terminals;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Cli.Session;

/// <summary>Several agentctl processes share a login whose issuer takes each refresh token once.</summary>
public sealed class SharedLoginTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _folder = new();
    private DeviceIssuer _issuer = null!;
    private Agentctl _agentctl = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await DeviceIssuer.StartAsync();
        _issuer.Confirm();
        _agentctl = new Agentctl(_folder.Path);

        // Good for so short that the next command renews it.
        await _agentctl.OkAsync("login", "--issuer", _issuer.Address, "--client-id", "agentctl", "-o", "json");
        _issuer.TokenLife = TimeSpan.FromMinutes(10);
    }

    public async ValueTask DisposeAsync()
    {
        _agentctl.Dispose();
        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Commands_AtOnce_RenewTheLoginOnceAndAllUseIt()
    {
        var before = _issuer.Refreshes;

        // Whoever does not wait for the others is seen by the issuer while it thinks.
        _issuer.OnRefresh = () => WhicheverAsync(_issuer.WaitForRefreshesAsync(before + 2), Task.Delay(TimeSpan.FromSeconds(4), Stop));
        var tokens = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _agentctl.OkAsync("token")));

        Assert.Single(tokens.Distinct());
        Assert.Equal((before + 1, 0), (_issuer.Refreshes, _issuer.Reused));
        await _agentctl.OkAsync("token");
        Assert.Equal(before + 1, _issuer.Refreshes);
    }

    [Fact]
    public async Task Login_WhileACommandRenewsTheOneBefore_IsKept()
    {
        // Made beforehand: agentctl waits only so long for its issuer.
        using var another = new Agentctl(_folder.Path);
        await another.OkAsync("login", "--issuer", _issuer.Address, "--client-id", "agentctl", "-o", "json");
        var (asked, goOn) = HoldRefresh();
        var renewing = _agentctl.OkAsync("token");
        await asked.WaitAsync(Patience, Stop);
        File.Move(FileOf(another), FileOf(_agentctl), overwrite: true);
        var stored = await StoredAsync();
        goOn();

        Assert.NotEmpty(await renewing);
        Assert.Equal(stored, await StoredAsync());
        Assert.Equal(0, _issuer.Reused);
    }

    [Fact]
    public async Task CtrlC_WhileTheLoginIsRenewed_WaitsForTheIssuer()
    {
        using var place = new TerminalPlace(_folder.Path);
        var (asked, goOn) = HoldRefresh();
        await using var terminal = await InterruptAsync(place, asked);

        // Longer than any command gets that must not be waited for.
        await Task.Delay(TimeSpan.FromSeconds(4), Stop);
        Assert.DoesNotContain("ended=", terminal.Shown, StringComparison.Ordinal);
        goOn();
        await terminal.WaitForExitAsync();

        Assert.Contains("ended=", terminal.Shown, StringComparison.Ordinal);
        Assert.Equal(0, (await Terminal.RunAsync("agentctl token", place)).ExitCode);
        Assert.Equal(0, _issuer.Reused);
    }

    [Fact]
    public async Task CtrlC_Twice_WaitsForNothing()
    {
        using var place = new TerminalPlace(_folder.Path);
        var (asked, goOn) = HoldRefresh();
        await using var terminal = await InterruptAsync(place, asked);
        await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        Assert.DoesNotContain("ended=", terminal.Shown, StringComparison.Ordinal);
        await terminal.TypeAsync("\u0003");
        await terminal.WaitForAsync("ended=130");
        goOn();
    }

    [Fact]
    public async Task Renewal_ThatCannotBeStored_IsUsedAndWarnedOf()
    {
        // Nobody, not even root, locks a folder.
        var writing = $"{FileOf(_agentctl)}.lock";
        _issuer.OnRefresh = () =>
        {
            File.Delete(writing);
            Directory.CreateDirectory(writing);
            return Task.CompletedTask;
        };
        var result = await _agentctl.RunAsync("token");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.NotEmpty(result.Output);
        Assert.StartsWith("warning: the renewed login is not stored", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>A terminal where a command renews the login, and Ctrl-C was pressed once the issuer was asked.</summary>
    private async Task<Terminal> InterruptAsync(TerminalPlace place, Task asked)
    {
        MoveLogin(place);
        var terminal = Terminal.Start("trap : INT; agentctl token; echo \"ended=$?\"", place);
        await asked.WaitAsync(Patience, Stop);
        await terminal.TypeAsync("\u0003");
        return terminal;
    }

    private static async Task WhicheverAsync(Task one, Task other) => await await Task.WhenAny(one, other);

    private Task<string> StoredAsync() => File.ReadAllTextAsync(FileOf(_agentctl), Stop);

    private static string FileOf(Agentctl agentctl) => Path.Combine(agentctl.ConfigFolder, "agentruntime", "login.json");

    private void MoveLogin(TerminalPlace place) =>
        File.Move(FileOf(_agentctl), Path.Combine(Directory.CreateDirectory(Path.Combine(place.Config, "agentruntime")).FullName, "login.json"));

    /// <summary>Has the issuer think on a renewal, and tells that it does.</summary>
    private (Task Asked, Action GoOn) HoldRefresh()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _issuer.OnRefresh = () =>
        {
            asked.TrySetResult();
            return goOn.Task;
        };
        return (asked.Task, goOn.SetResult);
    }
}
