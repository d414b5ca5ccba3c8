using System.Collections.Concurrent;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>Which store of this process has which table. The name of a store is not part of a key, so that two stores on one table would mix.</summary>
internal sealed class StateTableOwners
{
    private readonly ConcurrentDictionary<string, string> _owners = new(StringComparer.Ordinal);

    /// <exception cref="OrleansConfigurationException">Another store has the table.</exception>
    public void Claim(string table, string store)
    {
        var owner = _owners.GetOrAdd(table, store);
        if (owner != store) throw new OrleansConfigurationException($"The stores '{owner}' and '{store}' both name the DynamoDB table '{table}'. Give each a table of its own.");
    }
}
