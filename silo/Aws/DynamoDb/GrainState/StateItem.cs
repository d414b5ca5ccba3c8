using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Aws.Payloads;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>A state as an item. One without data is the tombstone of a cleared state: its version lives on, so that no etag from before ever fits again.</summary>
internal sealed record StateItem
{
    public const string Version = "v";
    public const string WriteId = "w";
    public const string Object = "s3";
    private const string Data = "d";
    private const string Encoding = "enc";
    private const string Sha = "sha";
    private const string Tombstone = "tomb";

    public required StateWrite Write { get; init; }

    /// <summary>When it expires, in seconds since 1970.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>How and with which hash it was written; none: it was cleared.</summary>
    public PackedBytes? Bytes { get; init; }

    /// <summary>Where the bytes are, if they are not in the item.</summary>
    public string? ObjectKey { get; init; }

    public StateEtag Etag => new(Write.Version, Object: ObjectKey);

    public static StateItem Read(Dictionary<string, AttributeValue> item) => new()
    {
        Write = new StateWrite(item.Number(Version), item.Text(WriteId)!),
        ExpiresAt = item.ContainsKey(DynamoDbTable.TimeToLive) ? item.Number(DynamoDbTable.TimeToLive) : null,
        Bytes = item.ContainsKey(Tombstone) || !item.TryGetValue(Encoding, out var encoding)
            ? null
            : new PackedBytes(item.TryGetValue(Data, out var data) ? data.B.ToArray() : default, encoding.S, item[Sha].B.ToArray()),
        ObjectKey = item.Text(Object),
    };

    public bool IsExpired(TimeProvider time) => ExpiresAt <= time.GetUtcNow().ToUnixTimeSeconds();

    public Dictionary<string, AttributeValue> Attributes(StateKey key)
    {
        var item = key.Attributes;
        item[Version] = ItemText.Of(Write.Version);
        item[WriteId] = ItemText.Of(Write.Id);
        if (ExpiresAt is { } seconds) item[DynamoDbTable.TimeToLive] = ItemText.Of(seconds);
        if (Bytes is null)
        {
            item[Tombstone] = new AttributeValue { BOOL = true };
            return item;
        }

        item[Encoding] = ItemText.Of(Bytes.Encoding);
        item[Sha] = Binary(Bytes.Sha);
        if (ObjectKey is null) item[Data] = Binary(Bytes.Kept);
        else item[Object] = ItemText.Of(ObjectKey);
        return item;
    }

    private static AttributeValue Binary(ReadOnlyMemory<byte> bytes) => new() { B = new MemoryStream(bytes.ToArray(), writable: false) };
}
