using AgentRuntime.Aws.DynamoDb;
using Amazon.Runtime;
using Amazon.S3.Model;

namespace AgentRuntime.Aws.Isolation;

/// <summary>
/// The tenant in the names of objects: <c>T/{tenant}/...</c>, where names are escaped, or <c>{tenant}/...</c>. Lists must be of what begins so. Requests of another kind than
/// is made here are refused: a copy has two names, and the names of a batch are not where others are.
/// </summary>
internal static class ObjectKeys
{
    private const string TenantFolder = "T";

    public static void Read(AmazonWebServiceRequest request, NamedTenant owner)
    {
        switch (request)
        {
            case GetObjectRequest get:
                Read(get.Key, owner);
                break;
            case PutObjectRequest put:
                Read(put.Key, owner);
                break;
            case DeleteObjectRequest delete:
                Read(delete.Key, owner);
                break;
            case GetObjectMetadataRequest look:
                Read(look.Key, owner);
                break;
            case PutObjectRetentionRequest hold:
                Read(hold.Key, owner);
                break;
            case ListVersionsRequest list:
                Read(list.Prefix, owner);
                break;
            case ListObjectsV2Request list:
                Read(list.Prefix, owner);
                break;
            case HeadBucketRequest or GetObjectLockConfigurationRequest:
                owner.AddNobodys();
                break;
            default:
                owner.Refuse("where its names are is not known");
                break;
        }
    }

    private static void Read(string? name, NamedTenant owner)
    {
        var parts = name?.Split('/') ?? [];
        // Whoever makes a URL of the name may take these for steps.
        if (parts.Any(static part => part is "." or "..")) owner.Refuse($"the name {name} has steps in it");
        var tenant = parts switch
        {
            [TenantFolder, var escaped, _, ..] => KeyText.TryUnescape(escaped, out var plain) ? plain : "",
            [TenantFolder, ..] => "",
            [var plain, _, ..] => plain,
            _ => "",
        };
        if (tenant.Length > 0) owner.Add(tenant);
        else owner.Refuse($"the name '{name}' names no tenant");
    }
}
