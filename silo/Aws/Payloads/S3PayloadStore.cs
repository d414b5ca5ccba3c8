using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace AgentRuntime.Aws.Payloads;

/// <summary>Payloads as objects of one bucket.</summary>
internal sealed class S3PayloadStore(IAmazonS3 client, string bucket, string? kmsKey = null) : IPayloadStore
{
    public async Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        using var body = new MemoryStream(content.ToArray(), writable: false);
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            InputStream = body,
            AutoCloseStream = false,
            // S3 refuses what arrived otherwise than it was sent.
            ChecksumSHA256 = Convert.ToBase64String(SHA256.HashData(content.Span)),
        };
        if (kmsKey is not null) (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (ServerSideEncryptionMethod.AWSKMS, kmsKey);
        await client.PutObjectAsync(request, cancellation);
    }

    public async Task<ReadOnlyMemory<byte>?> GetAsync(string key, int maxBytes, CancellationToken cancellation)
    {
        try
        {
            return await client.ReadAsync(bucket, key, maxBytes, cancellation);
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == HttpStatusCode.NotFound && failure.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) =>
        client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = key }, cancellation);
}
