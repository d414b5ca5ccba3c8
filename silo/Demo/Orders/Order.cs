namespace AgentRuntime.Demo.Orders;

/// <summary>One line of the orders file.</summary>
internal sealed record Order(
    string Number, string Customer, string Placed, string Status, string? Delivered, string Currency, IReadOnlyList<OrderItem> Items)
{
    public int TotalCents => Items.Sum(item => item.PriceCents);
}

/// <summary>One item of an order.</summary>
internal sealed record OrderItem(string Name, int PriceCents);
