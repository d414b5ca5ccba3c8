using AgentRuntime.Demo.Orders;

namespace AgentRuntime.Silo.Tests.Demo.Orders;

public sealed class OrdersDatabaseTests : IAsyncLifetime
{
    private static readonly Order Sample = new("BW-10001", "Ana", "2026-02-01", "delivered", "2026-02-05", "EUR", [new OrderItem("Lamp", 5000), new OrderItem("Bulb", 500)]);
    private readonly string _folder = Directory.CreateTempSubdirectory("orders").FullName;
    private readonly OrdersDatabase _orders;

    public OrdersDatabaseTests() => _orders = new OrdersDatabase(Path.Combine(_folder, "orders.db"), TimeProvider.System);

    public async ValueTask InitializeAsync() => await _orders.AddAsync([Sample], TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _orders.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Refund_SameKeyTwice_PaysOnce()
    {
        var first = await RefundAsync("key-1", "BW-10001", 5500);
        var second = await RefundAsync("key-1", "BW-10001", 5500);

        Assert.Equal(RefundState.Made, first.State);
        Assert.Equal(first, second);
        Assert.Equal(1, await _orders.CountRefundsAsync(TestContext.Current.CancellationToken));
        Assert.Equal("refunded", (await _orders.FindAsync("BW-10001", TestContext.Current.CancellationToken))!.Status);
    }

    [Theory]
    [InlineData("key-2", "BW-10001", 5500, RefundState.Conflict)]
    [InlineData("key-1", "BW-10001", 5000, RefundState.Conflict)]
    [InlineData("key-3", "BW-19999", 100, RefundState.NotFound)]
    internal async Task Refund_AfterOne_Refused(string key, string number, int cents, RefundState expected)
    {
        await RefundAsync("key-1", "BW-10001", 5500);

        Assert.Equal(expected, (await RefundAsync(key, number, cents)).State);
        Assert.Equal(1, await _orders.CountRefundsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refund_MoreThanThePrice_Refused() =>
        Assert.Equal(RefundState.Conflict, (await RefundAsync("key-1", "BW-10001", 5501)).State);

    [Theory]
    [InlineData("delivered", "2026-02-05", "2026-03-07", true)]
    [InlineData("delivered", "2026-02-05", "2026-03-08", false)]
    [InlineData("processing", null, "2026-03-08", true)]
    [InlineData("lost", null, "2026-03-08", true)]
    [InlineData("shipped", null, "2026-03-08", false)]
    [InlineData("refunded", "2026-02-05", "2026-02-06", false)]
    [InlineData("mislaid", null, "2026-03-08", false)]
    public void RefundRule_StatusAndDay_Decide(string status, string? delivered, string day, bool refundable) => Assert.Equal(
        refundable, RefundRule.Decide(Sample with { Status = status, Delivered = delivered }, DateOnly.ParseExact(day, "yyyy-MM-dd")).Refundable);

    private Task<RefundAnswer> RefundAsync(string key, string number, int cents) =>
        _orders.RefundAsync(key, number, cents, "why", TestContext.Current.CancellationToken);
}
