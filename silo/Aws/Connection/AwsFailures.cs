using System.Net.Sockets;
using Amazon.Runtime;

namespace AgentRuntime.Aws.Connection;

internal static class AwsFailures
{
    /// <summary>Whether a request failed after the SDK's attempts, be it that AWS refused it or that no answer came, which the SDK says in several ways.</summary>
    public static bool IsOne(Exception failure) =>
        failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException;
}
