using AgentRuntime.Common;
using Amazon.S3;
using Amazon.S3.Model;

namespace AgentRuntime.AwsStore.Artifacts;

/// <summary>A bucket that must be able to lock objects.</summary>
internal static class LockableBucket
{
    /// <exception cref="AgentRuntimeException">FailedPrecondition: it cannot; the message names the fix.</exception>
    public static async Task RequireAsync(IAmazonS3 client, AwsStoreOptions options, CancellationToken cancellation)
    {
        if (options.ObjectLock == ArtifactLockMode.None) return;
        try
        {
            var response = await client.GetObjectLockConfigurationAsync(new GetObjectLockConfigurationRequest { BucketName = options.Bucket }, cancellation);
            if (response.ObjectLockConfiguration?.ObjectLockEnabled == ObjectLockEnabled.Enabled) return;
        }
        catch (AmazonS3Exception failure) when (failure.ErrorCode == "ObjectLockConfigurationNotFoundError")
        {
            // As good as an answer that says no.
        }

        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"Aws:ObjectLock is {options.ObjectLock.ToString().ToLowerInvariant()}, and the S3 bucket '{options.Bucket}' has no Object Lock. Switch it on with versioning "
            + "(aws s3api put-object-lock-configuration), name another bucket, or leave Aws:ObjectLock out.");
    }
}
