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
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _issuer.OnRefresh = () =>
        {
            asked.TrySetResult();
            return goOn.Task;
        };
        var renewing = _agentctl.OkAsync("token");
        await asked.Task.WaitAsync(Patience, Stop);
        await _agentctl.OkAsync("login", "--issuer", _issuer.Address, "--client-id", "agentctl", "-o", "json");
        var stored = await StoredAsync();
        goOn.SetResult();

        Assert.NotEmpty(await renewing);
        Assert.Equal(stored, await StoredAsync());
        Assert.Equal(0, _issuer.Reused);
    }

    private static async Task WhicheverAsync(Task one, Task other) => await await Task.WhenAny(one, other);

    private Task<string> StoredAsync() => File.ReadAllTextAsync(Path.Combine(_agentctl.ConfigFolder, "agentruntime", "login.json"), Stop);
}
