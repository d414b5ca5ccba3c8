using System.Globalization;
using System.Text.Json;
using AgentRuntime.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace AgentRuntime.Demo.Orders;

/// <summary>The shop's orders and refunds, in a SQLite database of their own.</summary>
internal sealed class OrdersDatabase(string path, TimeProvider time) : IDisposable
{
    private readonly SqliteFile _file = SqliteFile.Open(path, OrdersSchema.Value, SqliteDurability.Power, time);

    public void Dispose() => _file.Dispose();

    /// <summary>Adds the orders that are not there yet.</summary>
    public Task AddAsync(IReadOnlyList<Order> orders, CancellationToken cancellation = default) => _file.WriteAsync(
        db => orders.Sum(order => db.Execute(
            """
            INSERT INTO purchase (number, customer, placed, status, delivered, currency, total_cents, items)
            VALUES ($number, $customer, $placed, $status, $delivered, $currency, $total, $items) ON CONFLICT DO NOTHING
            """,
            ("$number", order.Number), ("$customer", order.Customer), ("$placed", order.Placed), ("$status", order.Status),
            ("$delivered", order.Delivered), ("$currency", order.Currency), ("$total", order.TotalCents),
            ("$items", JsonSerializer.Serialize(order.Items)))),
        cancellation);

    /// <summary>The order as it is now; its status is refunded once it has been. Null when there is none.</summary>
    public Task<Order?> FindAsync(string number, CancellationToken cancellation = default) => _file.ReadAsync(db => Find(db, number), cancellation);

    /// <summary>
    /// Pays an order back, once. The same key with the same arguments gives the refund that it made; anything else on a refunded order is a
    /// conflict.
    /// </summary>
    public Task<RefundAnswer> RefundAsync(string key, string number, int amountCents, string reason, CancellationToken cancellation = default) => _file.WriteAsync(
        db =>
        {
            if (FindRefund(db, "key", key) is { } made)
                return made.Number == number && made.AmountCents == amountCents
                    ? new RefundAnswer(RefundState.Made, made, null)
                    : Refused("this idempotency key has made another refund");
            if (Find(db, number) is not { } order) return new RefundAnswer(RefundState.NotFound, null, $"order {number} does not exist");
            if (FindRefund(db, "number", number) is not null || order.Status == "refunded") return Refused($"order {number} has been refunded already");
            if (amountCents > order.TotalCents) return Refused($"order {number} cost {order.TotalCents} cents, less than {amountCents}");
            db.Execute(
                "INSERT INTO refund (key, number, amount_cents, reason, at) VALUES ($key, $number, $amount, $reason, $at)",
                ("$key", key), ("$number", number), ("$amount", amountCents), ("$reason", reason),
                ("$at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
            return new RefundAnswer(RefundState.Made, FindRefund(db, "key", key), null);
        },
        cancellation);

    /// <summary>How many refunds have been made.</summary>
    public Task<long> CountRefundsAsync(CancellationToken cancellation = default) =>
        _file.ReadAsync(db => db.Scalar<long>("SELECT count(*) FROM refund"), cancellation);

    private static RefundAnswer Refused(string reason) => new(RefundState.Conflict, null, reason);

    private static Order? Find(SqliteConnection db, string number)
    {
        using var command = db.Prepare(
            """
            SELECT p.number, customer, placed, CASE WHEN r.id IS NULL THEN status ELSE 'refunded' END, delivered, currency, items
            FROM purchase p LEFT JOIN refund r ON r.number = p.number WHERE p.number = $number
            """,
            ("$number", number));
        using var row = command.ExecuteReader();
        return row.Read()
            ? new Order(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetString(5),
                JsonSerializer.Deserialize<List<OrderItem>>(row.GetString(6))!)
            : null;
    }

    private static Refund? FindRefund(SqliteConnection db, string column, string value)
    {
        using var command = db.Prepare(
            column == "key" ? "SELECT id, number, amount_cents FROM refund WHERE key = $value" : "SELECT id, number, amount_cents FROM refund WHERE number = $value",
            ("$value", value));
        using var row = command.ExecuteReader();
        return row.Read() ? new Refund($"R-{row.GetInt64(0):D5}", row.GetString(1), row.GetInt32(2)) : null;
    }
}
