namespace AgentRuntime.Demo.Orders;

/// <summary>A refund that was made.</summary>
internal sealed record Refund(string Id, string Number, int AmountCents);

/// <summary>How an attempt to refund went.</summary>
internal enum RefundState
{
    /// <summary>The money is paid back, now or by the same call before.</summary>
    Made,

    /// <summary>There is no such order.</summary>
    NotFound,

    /// <summary>The order was refunded otherwise, or the amount is too high.</summary>
    Conflict,
}

/// <summary>What became of an attempt to refund.</summary>
internal sealed record RefundAnswer(RefundState State, Refund? Refund, string? Problem);
