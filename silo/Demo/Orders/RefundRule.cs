using System.Globalization;

namespace AgentRuntime.Demo.Orders;

/// <summary>The shop's rule: 30 days from delivery, and what never arrived or was never sent at any time.</summary>
internal static class RefundRule
{
    public const int ReturnDays = 30;

    /// <summary>Whether the order can be refunded on a day, and why or why not.</summary>
    public static (bool Refundable, string Reason) Decide(Order order, DateOnly day) => order.Status switch
    {
        "processing" => (true, "the order has not been shipped"),
        "lost" => (true, "the carrier has lost the parcel"),
        "shipped" => (false, "it is still on its way and can be returned once it has arrived"),
        "refunded" => (false, "it has been refunded already"),
        "delivered" when order.Delivered is { } delivered => DecideDelivered(DateOnly.Parse(delivered, CultureInfo.InvariantCulture), day),
        _ => (false, $"its status is {order.Status}"),
    };

    private static (bool, string) DecideDelivered(DateOnly delivered, DateOnly day)
    {
        var days = day.DayNumber - delivered.DayNumber;
        return days <= ReturnDays
            ? (true, $"delivered {days} days ago, within {ReturnDays} days")
            : (false, $"it was delivered {days} days ago and returns are possible for {ReturnDays} days");
    }
}
