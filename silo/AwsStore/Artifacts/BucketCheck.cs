using System.Net;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Common;
using Amazon.S3;
using Amazon.S3.Model;

namespace AgentRuntime.AwsStore.Artifacts;

/// <summary>Whether the bucket is there: a run that cannot store its first large result waits for the bucket, and says so only in the log.</summary>
internal static class BucketCheck
{
    /// <exception cref="AgentRuntimeException">FailedPrecondition: it is not there, or not for this silo; the message names the fix. Unavailable: nobody knows for now.</exception>
    public static Task RequireAsync(IAmazonS3 client, string bucket, CancellationToken cancellation) => StoreFailures.ReadingAsync($"S3 bucket {bucket}", async () =>
    {
        try
        {
            return await client.HeadBucketAsync(new HeadBucketRequest { BucketName = bucket }, cancellation);
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            throw Refused($"Aws:Bucket is '{bucket}', and there is no such S3 bucket. Run silo -- create-tables, or correct the name.", failure);
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == HttpStatusCode.Forbidden)
        {
            throw Refused($"Aws:Bucket is '{bucket}', and S3 does not let this silo use it: it is another account's, or the silo's role lacks s3:ListBucket. Correct the name, or give the role the rights.", failure);
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.BadRequest)
        {
            throw Refused($"Aws:Bucket is '{bucket}', and that S3 bucket is in another region. Correct the name or Aws:Region.", failure);
        }
    }, cancellation);

    private static AgentRuntimeException Refused(string message, Exception failure) => new(ErrorCode.FailedPrecondition, message, inner: failure);
}
