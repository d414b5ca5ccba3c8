using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.Tables;

/// <summary>Creates and checks tables. Nothing in this library creates a table unless this is called.</summary>
public static class DynamoDbTables
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Creates those of <paramref name="tables"/> that do not exist, paid for by request, with time to live where they need it, and waits until they
    /// can be used: 5 minutes at most. What exists is checked and left as it is. May be called again.
    /// </summary>
    /// <returns>The names of the tables that were created.</returns>
    /// <exception cref="OrleansConfigurationException">A table exists and is not one of ours.</exception>
    /// <exception cref="TimeoutException">A table was not ready in time.</exception>
    public static async Task<IReadOnlyList<string>> CreateAsync(
        IAmazonDynamoDB client, IEnumerable<DynamoDbTable> tables, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(tables);
        List<string> created = [];
        foreach (var table in tables)
        {
            if (await FindAsync(client, table.Name, cancellation) is null)
            {
                await CreateAsync(client, table, cancellation);
                created.Add(table.Name);
            }

            TableCheck.KeysOf(table, await WaitAsync(client, table, cancellation));
            if (table.HasTimeToLive) await SwitchOnTimeToLiveAsync(client, table, cancellation);
        }

        return created;
    }

    /// <summary>Checks that <paramref name="tables"/> exist and have the keys, indexes and time to live that this library uses. Changes nothing.</summary>
    /// <exception cref="OrleansConfigurationException">One is missing, not ready, or somebody else's; the message names it and the fix.</exception>
    public static async Task CheckAsync(IAmazonDynamoDB client, IEnumerable<DynamoDbTable> tables, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(tables);
        foreach (var table in tables)
        {
            TableCheck.IsUsable(table, await FindAsync(client, table.Name, cancellation), client.Config);
            if (table.HasTimeToLive) await CheckTimeToLiveAsync(client, table, cancellation);
        }
    }

    private static async Task<TableDescription?> FindAsync(IAmazonDynamoDB client, string name, CancellationToken cancellation)
    {
        try
        {
            return (await client.DescribeTableAsync(new DescribeTableRequest { TableName = name }, cancellation)).Table;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    private static async Task CreateAsync(IAmazonDynamoDB client, DynamoDbTable table, CancellationToken cancellation)
    {
        try
        {
            await client.CreateTableAsync(TableRequests.Create(table), cancellation);
        }
        catch (ResourceInUseException)
        {
            // Somebody else creates it right now, or an earlier attempt of ours did.
        }
    }

    private static async Task<TableDescription> WaitAsync(IAmazonDynamoDB client, DynamoDbTable table, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        try
        {
            while (true)
            {
                if (await FindAsync(client, table.Name, deadline.Token) is { } found && TableCheck.IsActive(found)) return found;
                await Task.Delay(Pause, TimeProvider.System, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The table '{table.Name}' was not ready after {Patience}. Create it again: what exists is left as it is.");
        }
    }

    private static async Task CheckTimeToLiveAsync(IAmazonDynamoDB client, DynamoDbTable table, CancellationToken cancellation)
    {
        try
        {
            TableCheck.TimeToLiveOf(table, await TimeToLiveAsync(client, table.Name, cancellation));
        }
        catch (AmazonDynamoDBException failure) when (failure.ErrorCode == "AccessDeniedException")
        {
            // A role of an earlier release may not ask; what has expired reads as if it were gone all the same.
        }
    }

    private static async Task SwitchOnTimeToLiveAsync(IAmazonDynamoDB client, DynamoDbTable table, CancellationToken cancellation)
    {
        var now = await TimeToLiveAsync(client, table.Name, cancellation);
        if (TableCheck.IsOn(now)) TableCheck.TimeToLiveOf(table, now);
        else await client.UpdateTimeToLiveAsync(TableRequests.SwitchOnTimeToLive(table.Name), cancellation);
    }

    private static async Task<TimeToLiveDescription?> TimeToLiveAsync(IAmazonDynamoDB client, string name, CancellationToken cancellation) =>
        (await client.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = name }, cancellation)).TimeToLiveDescription;
}
