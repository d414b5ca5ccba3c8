using AgentRuntime.Aws;
using AgentRuntime.Aws.Connection;
using AgentRuntime.Common;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace AgentRuntime.AwsStore.Requests;

/// <summary>What a caller can do about a failure of AWS, in one place.</summary>
internal static class StoreFailures
{
    /// <summary>Whether the failure says nothing about what was asked, only that there is no answer, or none that is final.</summary>
    public static bool IsNoAnswer(Exception failure) => failure switch
    {
        ConditionalCheckFailedException or TransactionCanceledException => false,
        // A cancellation is the client's own timeout; nobody cancels a write.
        _ => AwsFailures.IsOne(failure),
    };

    public static AgentRuntimeException Unavailable(string store, Exception failure) => failure switch
    {
        ResourceNotFoundException or AmazonServiceException { ErrorCode: "NoSuchBucket" } => new(ErrorCode.Unavailable,
            $"{store} is not there. Create it with the command create-tables of the silo, or correct its name or the region, then try again.", isTransient: true, failure),
        AmazonServiceException { ErrorCode: "ValidationException" } => new(ErrorCode.Internal, $"{store} refused a request as malformed.", inner: failure),
        // DynamoDB's and SQS's names for it, then S3's.
        AmazonServiceException
        {
            ErrorCode: "AccessDeniedException" or "UnrecognizedClientException" or "ExpiredTokenException" or "InvalidClientTokenId"
                or "AccessDenied" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken",
        } refused => new(ErrorCode.Unavailable,
            $"{store} may not be used by this silo ({refused.ErrorCode}). Give its role the rights, then try again.", isTransient: true, failure),
        AmazonServiceException refused => new(ErrorCode.Unavailable,
            $"{store} does not take requests for now ({refused.ErrorCode ?? refused.StatusCode.ToString()}). Try again.", isTransient: true, failure),
        NoTenantSessionException refused => new(ErrorCode.Unavailable, $"{store} was not asked. {refused.Message} Then try again.", isTransient: true, failure),
        _ => new(ErrorCode.Unavailable, $"{store} did not answer ({failure.GetType().Name}). Try again.", isTransient: true, failure),
    };

    /// <summary>A write met others as often as it was tried. Nothing was written.</summary>
    public static AgentRuntimeException Busy(string store, Exception failure) =>
        new(ErrorCode.Unavailable, $"{store} is changed by others in the same place all the time. Nothing was written; try again.", isTransient: true, failure);

    /// <summary>What a reader of an item found instead of what was written.</summary>
    public static AgentRuntimeException Corrupted(string store, InvalidDataException failure) => new(
        ErrorCode.StorageCorrupted, $"{store} holds something that nobody wrote: {failure.Message}. Restore the table to an earlier point in time.", inner: failure);

    /// <summary>Does what only reads.</summary>
    /// <exception cref="AgentRuntimeException">Unavailable or StorageCorrupted.</exception>
    public static async Task<T> ReadingAsync<T>(string store, Func<Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            return await read();
        }
        catch (InvalidDataException failure)
        {
            throw Corrupted(store, failure);
        }
        catch (Exception failure) when (IsNoAnswer(failure) && !cancellation.IsCancellationRequested)
        {
            throw Unavailable(store, failure);
        }
    }
}
