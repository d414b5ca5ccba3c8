using System.Net;
using AgentRuntime.Hosting;

namespace AgentRuntime.Demo.Orders;

/// <summary>
/// Hosts the shop's HTTP service on loopback. Of several silos on one data folder one serves it; the others stand by and take over when it
/// ends. A foreign process on the port is told at once: nobody's refunds go there.
/// </summary>
internal sealed class OrdersService(OrdersApi api, int port, string clusterId) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan StandbyPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private const int MaxAttempts = 3;

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _app;
    private Task _standby = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryListenAsync(cancellationToken)) return;
            if (await IsOursAsync(cancellationToken)) break;
            // On a busy machine the silo that serves it may be slow to say so, or have ended since.
            if (attempt < MaxAttempts) continue;
            OwnPort.Require(port, "the orders service of the demo", DemoCommand.OrdersPortOption);
            break;
        }

        _standby = StandByAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _standby;
        if (_app is not null) await _app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }

    private async Task<bool> TryListenAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = OrdersApi.MaxBodyBytes;
        });
        var app = builder.Build();
        app.MapGet("/shop", () => new ShopName(clusterId));
        api.Map(app);
        try
        {
            await app.StartAsync(cancellation);
            _app = app;
            return true;
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            return false;
        }
    }

    private async Task<bool> IsOursAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = AnswerPatience, BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        try
        {
            return (await http.GetFromJsonAsync<ShopName>("/shop", cancellation))?.Cluster == clusterId;
        }
        catch (Exception failure) when (failure is HttpRequestException or System.Text.Json.JsonException or TaskCanceledException)
        {
            return false;
        }
    }

    private async Task StandByAsync(CancellationToken stopping)
    {
        try
        {
            using var timer = new PeriodicTimer(StandbyPeriod);
            while (await timer.WaitForNextTickAsync(stopping))
                if (await TryListenAsync(stopping)) return;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private sealed record ShopName(string Cluster);
}
