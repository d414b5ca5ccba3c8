using AgentRuntime.Aws.Connection;
using Amazon.S3;
using Amazon.S3.Model;

namespace AgentRuntime.Aws.Payloads;

internal static class S3Objects
{
    // The SDK sends a request again, but reads no body again that breaks off.
    private const int MaxReads = 3;

    /// <summary>Reads an object whole.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="maxBytes"/>.</exception>
    public static async Task<byte[]> ReadAsync(this IAmazonS3 client, string bucket, string key, int maxBytes, CancellationToken cancellation)
    {
        for (var read = 1; ; read++)
        {
            using var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key }, cancellation);
            if (response.ContentLength > maxBytes) throw new InvalidDataException($"The object '{key}' has {response.ContentLength} bytes; {maxBytes} were allowed.");
            var content = new byte[(int)response.ContentLength];
            try
            {
                await response.ResponseStream.ReadExactlyAsync(content, cancellation);
                return content;
            }
            catch (Exception failure) when (read < MaxReads && AwsFailures.IsOne(failure) && !cancellation.IsCancellationRequested)
            {
            }
        }
    }
}
