using AgentRuntime.Aws.Payloads;
using Orleans.Storage;

namespace AgentRuntime.Aws;

/// <summary>One named store of grain state.</summary>
public sealed class DynamoDBStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>The default of <see cref="TableName"/>.</summary>
    public const string DefaultTableName = "orleans-state";

    /// <summary>The tenant of every grain unless <see cref="Tenant"/> says otherwise.</summary>
    public const string DefaultTenant = "default";

    /// <summary>The most that <see cref="InlineLimitBytes"/> may be: an item of DynamoDB has at most 400 KB, keys and names included.</summary>
    public const int MaxInlineBytes = 380 * 1024;

    /// <summary>The table. One table is for one store of one service: neither is part of a key. It must exist.</summary>
    public string TableName { get; set; } = DefaultTableName;

    /// <summary>
    /// What clearing a state leaves. The data is gone at once in any case. True: what is left, its version, is deleted by DynamoDB after
    /// 7 days. False, the default: the version stays for good.
    /// </summary>
    public bool DeleteStateOnClear { get; set; }

    /// <summary>How long after its last write a state expires: at least 1 s. It then reads as if it had never been written. Default: never.</summary>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>Whose a grain is. Default: all are of the one tenant <see cref="DefaultTenant"/>.</summary>
    public TenantResolver Tenant { get; set; } = static _ => DefaultTenant;

    /// <summary>The S3 bucket for states that are too large for an item. Default: none, and such a state cannot be written.</summary>
    public string? Bucket { get; set; }

    /// <summary>The id or ARN of the KMS key that S3 encrypts those states with. Default: none, and it is left to the bucket.</summary>
    public string? KmsKey { get; set; }

    /// <summary>Keeps states that are too large for an item, instead of <see cref="Bucket"/>. Default: none.</summary>
    public IPayloadStore? PayloadStore { get; set; }

    /// <summary>
    /// How many bytes, after compression, stay in the item where there is somewhere else to put more: 0 to 389,120. Default 65,536. More costs a write unit
    /// for each KB; less costs a request to S3 with each read and write.
    /// </summary>
    public int InlineLimitBytes { get; set; } = 64 * 1024;

    /// <summary>The largest state, before compression, that is written or read: up to 1 GiB. Default 64 MiB.</summary>
    public int MaxStateBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How states become bytes. Default: the serializer that Orleans is configured with for storage, JSON unless changed.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = default!;
}
