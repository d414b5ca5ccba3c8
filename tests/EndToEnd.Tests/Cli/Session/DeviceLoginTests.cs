using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Cli.Session;

/// <summary>A person logs in at an issuer and works with a silo that trusts it.</summary>
public sealed class DeviceLoginTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private DeviceIssuer _issuer = null!;
    private Agentctl _agentctl = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await DeviceIssuer.StartAsync();
        _agentctl = new Agentctl(_folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        _agentctl.Dispose();
        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Login_ThatAPersonConfirms_WorksAndIsRenewedUntilItEnds()
    {
        await using var silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path) with
        {
            Environment = new Dictionary<string, string>
            {
                ["AGENTRT_FrontDoor__Identity__Issuers__corp__Authority"] = _issuer.Address,
                ["AGENTRT_FrontDoor__Identity__Issuers__corp__Audience"] = "agentruntime",
                ["AGENTRT_FrontDoor__Identity__Issuers__corp__Platform"] = "true",
            },
        });
        var login = _agentctl.RunAsync("login", "--issuer", _issuer.Address, "--client-id", "agentctl", "-o", "json");
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.False(login.IsCompleted);
        _issuer.Confirm();

        var confirmed = await login;
        Assert.True(confirmed.ExitCode == 0, confirmed.Errors);
        Assert.Contains("/confirm in a browser and confirm code \\u{1b}[31mWDJB", confirmed.Errors, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"olga\"", confirmed.Output, StringComparison.Ordinal);
        Assert.Contains("tenants/shop", await _agentctl.OkAsync("tenant", "create", "shop", "-o", "json"), StringComparison.Ordinal);
        Assert.Equal(["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"], _issuer.Grants.Distinct());
        var file = Path.Combine(_agentctl.ConfigFolder, "agentruntime", "login.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        // Where no data folder is named, the silo is the one that was named at login, also once that was renewed.
        using var elsewhere = new Agentctl(null) { CurrentFolder = _agentctl.ConfigFolder };
        var endpoint = $"http://127.0.0.1:{silo.Options.GrpcPort}";
        await elsewhere.OkAsync("login", "--issuer", _issuer.Address, "--client-id", "agentctl", "--endpoint", endpoint);
        Assert.Contains("tenants/shop", await elsewhere.OkAsync("tenant", "get", "shop", "-o", "json"), StringComparison.Ordinal);
        Assert.Contains("tenants/shop", await elsewhere.OkAsync("tenant", "get", "shop", "-o", "json"), StringComparison.Ordinal);

        _issuer.Revoke();
        (await _agentctl.RunAsync("tenant", "get", "shop")).FailsWith(4, "does not renew the login");
    }

    [Fact]
    public async Task Login_ThatIsDenied_SaysSo()
    {
        _issuer.Deny();
        var denied = await _agentctl.RunAsync("login", "--issuer", _issuer.Address, "--client-id", "agentctl");
        Assert.Equal(4, denied.ExitCode);
        Assert.Contains("access_denied", denied.Errors, StringComparison.Ordinal);
        (await _agentctl.RunAsync("login", "--issuer", _issuer.Address, "--client-id", "other")).FailsWith(4, "invalid_client");
    }

    [Fact]
    public async Task Login_AtAnIssuerThatSpeaksForAnother_IsRefused()
    {
        _issuer.ClaimsToBe = "https://login.example.com";
        (await _agentctl.RunAsync("login", "--issuer", _issuer.Address, "--client-id", "agentctl")).FailsWith(4, "speaks for another issuer");
    }
}
