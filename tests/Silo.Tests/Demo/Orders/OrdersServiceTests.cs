using System.Net;
using System.Net.Sockets;
using AgentRuntime.Demo.Orders;
using AgentRuntime.Hosting;

namespace AgentRuntime.Silo.Tests.Demo.Orders;

public sealed class OrdersServiceTests : IAsyncLifetime
{
    private static readonly Order Sample = new("BW-10001", "Ana", "2026-02-01", "delivered", "2026-02-05", "EUR", [new OrderItem("Lamp", 5000)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("shop").FullName;
    private readonly int _port = FreePort();
    private readonly OrdersDatabase _orders;
    private readonly OrdersService _service;
    private readonly HttpClient _http;

    public OrdersServiceTests()
    {
        _orders = new OrdersDatabase(Path.Combine(_folder, "orders.db"), TimeProvider.System);
        _service = new OrdersService(new OrdersApi(_orders), _port, "cluster-1");
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
    }

    public async ValueTask InitializeAsync()
    {
        await _orders.AddAsync([Sample]);
        await _service.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _service.StopAsync(CancellationToken.None);
        await _service.DisposeAsync();
        _orders.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Refunds_SameKeyTwice_SameAnswerAndOneRefund()
    {
        var (first, body) = await PostAsync("key-1", """{"order":"BW-10001","amountCents":5000,"reason":"r"}""");
        var (second, again) = await PostAsync("key-1", """{"order":"BW-10001","amountCents":5000,"reason":"r"}""");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first, second));
        Assert.Equal("""{"refund":"R-00001","order":"BW-10001","amountCents":5000}""", body);
        Assert.Equal(body, again);
        Assert.Equal(1, await _orders.CountRefundsAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("key-1", """{"order":"BW-10001","amountCents":0,"reason":"r"}""", HttpStatusCode.BadRequest)]
    [InlineData("key-1", """{"order":"BW-10001","amountCents":5.5,"reason":"r"}""", HttpStatusCode.BadRequest)]
    [InlineData("key-1", """{"order":"BW-10001","amountCents":5000}""", HttpStatusCode.BadRequest)]
    [InlineData("key-1", """{"order":"BW-10001","amountCents":5000,"reason":"r","to":"me"}""", HttpStatusCode.BadRequest)]
    [InlineData("key-1", "not json", HttpStatusCode.BadRequest)]
    [InlineData("key-1", "null", HttpStatusCode.BadRequest)]
    [InlineData(null, """{"order":"BW-10001","amountCents":5000,"reason":"r"}""", HttpStatusCode.BadRequest)]
    [InlineData("key-1", """{"order":"BW-19999","amountCents":5000,"reason":"r"}""", HttpStatusCode.NotFound)]
    [InlineData("key-1", """{"order":"BW-10001","amountCents":5001,"reason":"r"}""", HttpStatusCode.Conflict)]
    public async Task Refunds_BadRequest_RefusedAndNothingPaid(string? key, string body, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await PostAsync(key, body)).Status);
        Assert.Equal(0, await _orders.CountRefundsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_PortServedBySameCluster_StandsByAndTakesOver()
    {
        await using var second = new OrdersService(new OrdersApi(_orders), _port, "cluster-1");
        await second.StartAsync(TestContext.Current.CancellationToken);
        await _service.StopAsync(TestContext.Current.CancellationToken);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync()) await timer.WaitForNextTickAsync(deadline.Token);
        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_PortServedByAnother_IsToldByName()
    {
        await using var second = new OrdersService(new OrdersApi(_orders), _port, "cluster-2");

        var refused = await Assert.ThrowsAsync<PortInUseException>(() => second.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"Port {_port} for the orders service of the demo is in use", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--orders-port", refused.Message, StringComparison.Ordinal);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await _http.GetAsync("/shop", TestContext.Current.CancellationToken)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string? key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/refunds") { Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
