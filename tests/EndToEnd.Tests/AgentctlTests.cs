using System.Text.Json;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>agentctl against a silo process that has nothing in it yet.</summary>
public sealed class AgentctlTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private SiloProcess? _silo;
    private Agentctl? _agentctl;

    private Agentctl Ctl => _agentctl!;

    public async ValueTask InitializeAsync()
    {
        _agentctl = new Agentctl(_folder.Path);
        _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path));
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _agentctl?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Commands_OnAFreshSilo_FindItByItsDataFolder()
    {
        Assert.Contains("No approval of tenant demo is pending.", await Ctl.OkAsync("approval", "list"), StringComparison.Ordinal);
        Assert.Contains("No approvals of tenant demo.", await Ctl.OkAsync("approval", "list", "--state", "all"), StringComparison.Ordinal);
        Assert.Contains("No runs of tenant demo.", await Ctl.OkAsync("run", "list"), StringComparison.Ordinal);
        Assert.Contains("No run of tenant demo matches.", await Ctl.OkAsync("run", "list", "--state", "failed"), StringComparison.Ordinal);
        Assert.Empty(await Ctl.OkAsync("run", "list", "-o", "json"));
        (await Ctl.RunAsync("run", "get", "nope")).FailsWith(5, "'nope'");
        (await Ctl.RunAsync("run", "get", "a/../b")).FailsWith(2, "name:");
        (await Ctl.RunAsync("run", "get", "a\u202eb")).FailsWith(2, "a-z");
        (await Ctl.RunAsync("run", "start", "Triage", "--input", "x")).FailsWith(2, "agent:");
        (await Ctl.RunAsync("run", "start", "a")).FailsWith(2, "--input TEXT or --file PATH");
        (await Ctl.RunAsync("run", "start", "a", "--input", "x", "--file", "y")).FailsWith(2, "--input TEXT or --file PATH");
        (await Ctl.RunAsync("session", "transcript", "x", "--limit", "0")).FailsWith(2, "--limit 0");
        (await Ctl.RunAsync("approval", "approve", "x", "--as", "bot", "--service")).FailsWith(4, "needs a person");
        (await Ctl.RunAsync("run", "list", "--endpoint", "http://192.0.2.1:5101")).FailsWith(2, "loopback only");
        (await Ctl.RunAsync("run", "list", "--endpoint", "ftp://x")).FailsWith(2, "is no address");
        (await Ctl.RunAsync("tenant", "get", "demo")).FailsWith(4, "platform operator");
        (await Ctl.RunAsync("run", "list", "--state", "\u001b[31m")).FailsWith(2, "\\u{1b}[31m");
    }

    [Fact]
    public async Task Login_IsRememberedForLaterCommandsAndHoldsNoSecret()
    {
        await Ctl.OkAsync("login", "--as", "olga", "--role", "platform-operator");
        using var tenant = JsonDocument.Parse(await Ctl.OkAsync("tenant", "create", "shop", "-o", "json"));
        Assert.Equal("tenants/shop", tenant.RootElement.GetProperty("name").GetString());
        (await Ctl.RunAsync("tenant", "create", "shop", "--max-open-runs", "5")).FailsWith(6, "shop");

        await Ctl.OkAsync("login", "--as", "anna", "--role", "developer", "--tenant", "shop");
        using var who = JsonDocument.Parse(await Ctl.OkAsync("whoami", "-o", "json"));
        Assert.Equal(("anna", "shop"), (who.RootElement.GetProperty("name").GetString(), who.RootElement.GetProperty("tenant").GetString()));
        (await Ctl.RunAsync("tenant", "get", "shop")).FailsWith(4, "platform operator");
        (await Ctl.RunAsync("run", "start", "nobody", "--input", "x")).FailsWith(5, "nobody");

        var file = Path.Combine(Ctl.ConfigFolder, "agentruntime", "login.json");
        Assert.DoesNotContain("PRIVATE", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Commands_WhenTheSiloIsKilled_SaySoAndFindItAgainOnceItIsBack()
    {
        await Ctl.OkAsync("run", "list");
        await _silo!.KillAsync();
        (await Ctl.RunAsync("run", "list")).FailsWith(3, "dotnet run --project silo");
        (await Ctl.RunAsync("run", "list", "--endpoint", $"http://127.0.0.1:{_silo.Options.GrpcPort}")).FailsWith(3, "no silo answers");
        _silo = await SiloProcess.StartAsync(_silo.Options);
        await Ctl.OkAsync("run", "list");
    }
}
