using AgentRuntime.Testing;
using Microsoft.Playwright;

namespace AgentRuntime.EndToEnd.Tests.Dashboard;

/// <summary>A person with a browser and agentctl. The test sets no header and no cookie.</summary>
public sealed class DashboardBrowserTests : IAsyncLifetime
{
    private const float PatienceMilliseconds = 60_000;

    private readonly ScratchFolder _folder = new();
    private SiloProcess? _silo;

    public async ValueTask InitializeAsync() => _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path));

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Dashboard_ThroughTheAddressThatAgentctlPrints_ShowsTheCluster()
    {
        var program = FindBrowser();
        Assert.SkipWhen(program is null, "There is no chromium on this machine; install it.");
        using var agentctl = new Agentctl(_folder.Path);
        (await agentctl.RunAsync("dashboard", "--as", "tom", "--role", "tenant-admin")).FailsWith(4, "platform operator");
        var address = (await agentctl.OkAsync("dashboard", "--as", "olga", "--role", "platform-operator")).Trim();

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);

        await page.GotoAsync($"http://127.0.0.1:{_silo!.Options.HttpPort}/dashboard/");
        Assert.Contains("agentctl dashboard", await page.ContentAsync(), StringComparison.Ordinal);

        await page.GotoAsync(address);
        await page.WaitForURLAsync($"http://127.0.0.1:{_silo.Options.HttpPort}/dashboard/**", new PageWaitForURLOptions { Timeout = PatienceMilliseconds });
        await page.GetByText("Total Activations").First.WaitForAsync(new LocatorWaitForOptions { Timeout = PatienceMilliseconds });
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", "dashboard.png"), FullPage = true });
        Assert.DoesNotContain(asked, url => url.Contains(new Uri(address).Fragment[1..], StringComparison.Ordinal));
        Assert.Empty(await page.EvaluateAsync<string>("document.cookie"));

        var second = await browser.NewPageAsync();
        await second.GotoAsync(address);
        await second.GetByText("was used or has ended").WaitForAsync(new LocatorWaitForOptions { Timeout = PatienceMilliseconds });
    }

    private static string? FindBrowser() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
