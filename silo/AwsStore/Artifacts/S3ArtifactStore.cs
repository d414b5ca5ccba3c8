using System.Net;
using System.Security.Cryptography;
using AgentRuntime.Artifacts;
using AgentRuntime.Aws.Payloads;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using Amazon.S3;
using Amazon.S3.Model;

namespace AgentRuntime.AwsStore.Artifacts;

/// <summary>
/// One object per artifact, <c>{tenant}/{name}</c>. It is put on condition that it is not there: what a record refers to is never overwritten. What is
/// read is hashed again, so that a name vouches for its content.
/// </summary>
internal sealed class S3ArtifactStore(IAmazonS3 client, ArtifactNames names, ArtifactBucket bucket, TimeProvider time) : IArtifactStore
{
    /// <summary>Bytes of one artifact. The largest results that a tool may be allowed have 64 MB, which JSON makes six times as long at worst.</summary>
    public const int MaxBytes = 512 << 20;

    private const int MaxConflicts = 5;
    private const int MaxVersions = 100;

    // Doubled each time; at least half is waited, so that two who meet do not meet again.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private string Store => $"The artifact store (S3 bucket {bucket.Name})";

    public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation) => PutAsync(tenant, content, [], cancellation);

    public async Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, IReadOnlyList<string> dataClasses, CancellationToken cancellation)
    {
        if (content.Length > MaxBytes) throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"An artifact of {content.Length} bytes is over the limit of {MaxBytes}.");
        var name = names.NameOf(tenant, content.Span);
        var until = bucket.Lock is { } held ? await held.UntilAsync(tenant, dataClasses, cancellation) : null;
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                // If it is there, another has stored the same, or an attempt of ours that was not answered.
                var isNew = await TryPutAsync(KeyOf(tenant, name), content, until, cancellation);
                if (!isNew && until is { } end) await HoldAsync(KeyOf(tenant, name), end, cancellation);
                return name;
            }
            catch (AmazonS3Exception failure) when (failure.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound && failure.ErrorCode != "NoSuchBucket" && conflicts < MaxConflicts)
            {
                // Another one puts or deletes it at this moment.
                await Task.Delay(FirstPause * (1 << conflicts) * (0.5 + Random.Shared.NextDouble() / 2), time, cancellation);
            }
            catch (Exception failure) when (StoreFailures.IsNoAnswer(failure) && !cancellation.IsCancellationRequested)
            {
                throw StoreFailures.Unavailable(Store, failure);
            }
        }
    }

    public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => StoreFailures.ReadingAsync(Store, async () =>
    {
        try
        {
            var content = await client.ReadAsync(bucket.Name, KeyOf(tenant, name), MaxBytes, cancellation);
            return names.NameOf(tenant, content) == name ? content : throw Corrupted(tenant, name, "is not what was stored");
        }
        catch (AmazonS3Exception failure) when (failure.ErrorCode == "NoSuchKey")
        {
            throw Corrupted(tenant, name, "is not there");
        }
        catch (InvalidDataException)
        {
            throw Corrupted(tenant, name, $"is longer than the {MaxBytes} bytes that are ever stored");
        }
    }, cancellation);

    /// <inheritdoc/>
    /// <remarks>In a bucket that keeps versions each of them is deleted, or refused while Object Lock holds it.</remarks>
    public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => StoreFailures.ReadingAsync(Store, async () =>
    {
        var key = KeyOf(tenant, name);
        var versions = await client.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket.Name, Prefix = key, MaxKeys = MaxVersions }, cancellation);
        var mine = (versions.Versions ?? []).Where(version => version.Key == key).ToList();
        foreach (var version in mine)
            await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket.Name, Key = key, VersionId = version.VersionId }, cancellation);
        return mine.Exists(static version => version.IsDeleteMarker != true);
    }, cancellation);

    private async Task<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, DateTime? until, CancellationToken cancellation)
    {
        using var body = new MemoryStream(content.ToArray(), writable: false);
        var request = new PutObjectRequest
        {
            BucketName = bucket.Name,
            Key = key,
            InputStream = body,
            AutoCloseStream = false,
            IfNoneMatch = "*",
            // S3 refuses what arrived otherwise than it was sent.
            ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
            ChecksumSHA256 = Convert.ToBase64String(SHA256.HashData(content.Span)),
        };
        if (bucket.KmsKey is { } kms) (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (ServerSideEncryptionMethod.AWSKMS, kms);
        if (until is { } end) (request.ObjectLockMode, request.ObjectLockRetainUntilDate) = (bucket.Lock!.Mode, end);
        try
        {
            await client.PutObjectAsync(request, cancellation);
            return true;
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    /// <summary>Makes the lock of what is there last as long as this one would; it never gets shorter or weaker.</summary>
    private async Task HoldAsync(string key, DateTime until, CancellationToken cancellation)
    {
        var there = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket.Name, Key = key }, cancellation);
        if (there.ObjectLockRetainUntilDate?.ToUniversalTime() >= until) return;
        var isStrict = bucket.Lock!.Mode == ObjectLockMode.Compliance || there.ObjectLockMode == ObjectLockMode.Compliance;
        var retention = new ObjectLockRetention { Mode = isStrict ? ObjectLockRetentionMode.Compliance : ObjectLockRetentionMode.Governance, RetainUntilDate = until };
        await client.PutObjectRetentionAsync(new PutObjectRetentionRequest { BucketName = bucket.Name, Key = key, VersionId = there.VersionId, Retention = retention }, cancellation);
    }

    private static string KeyOf(TenantId tenant, string name) =>
        ArtifactNames.IsName(name) ? $"{tenant.Value}/{name}" : throw Corrupted(tenant, name, "has no name of an artifact");

    private static AgentRuntimeException Corrupted(TenantId tenant, string name, string what) =>
        new(ErrorCode.StorageCorrupted, $"Artifact {tenant}/{name} {what}. Restore it from a version or a copy of the bucket.");
}
