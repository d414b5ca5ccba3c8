using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>Where one state of one grain is kept. Everything begins with the tenant.</summary>
internal sealed record StateKey(string Table, string Tenant, string Partition, string Sort)
{
    public Dictionary<string, AttributeValue> Attributes => new()
    {
        [DynamoDbTable.PartitionKey] = ItemText.Of(Partition),
        [DynamoDbTable.SortKey] = ItemText.Of(Sort),
    };

    public static StateKey Of(DynamoDBStorageOptions options, string name, GrainId grain)
    {
        var tenant = options.Tenant(grain);
        var (partition, sort) = KeyText.Checked(
            $"{KeyText.Tenant(tenant)}G#{KeyText.Escape(grain.Type.ToString()!)}/{KeyText.Escape(grain.Key.ToString()!)}",
            $"S#{KeyText.Escape(name)}");
        return new StateKey(options.TableName, tenant, partition, sort);
    }

    /// <summary>
    /// The object with what <paramref name="write"/> writes, named after its content. The version is part of the name: no two writes that can both succeed
    /// share an object, so that the one of a state that was written over can be deleted.
    /// </summary>
    public string ObjectOf(StateWrite write, ReadOnlySpan<byte> sha) => $"{Folder()}{write.Version}-{Convert.ToHexStringLower(sha)}";

    /// <summary>Whether the object is this state's in this table. A table that was copied names objects of the one that it was copied from, which still needs them.</summary>
    public bool Owns(string name) => name.StartsWith(Folder(), StringComparison.Ordinal);

    private string Folder()
    {
        var state = SHA256.HashData(Encoding.UTF8.GetBytes($"{Table}\n{Partition}\n{Sort}"));
        return $"T/{KeyText.Escape(Tenant)}/state/{Convert.ToHexStringLower(state.AsSpan(0, 16))}/";
    }
}
