using System.Globalization;
using AgentRuntime.Aws.Sqs.Queues;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Sqs.Receiving;

/// <summary>Puts messages aside, each with the reason as an attribute.</summary>
internal sealed class DeadLetters(QueueRequests dead, string queue)
{
    public const string Reason = "reason";
    public const string Queue = "queue";
    public const string MessageId = "message-id";
    public const string Receives = "receives";

    // Within what the bodies of our messages leave free.
    private const int LongestReason = 500;

    /// <summary>Completes once the message is in the queue of the dead; then it may be deleted where it was.</summary>
    public Task SendAsync(string body, string messageId, int receives, string reason) => dead.SendAsync(body, new Dictionary<string, MessageAttributeValue>
    {
        [Reason] = Text(reason.Length > LongestReason ? reason[..LongestReason] : reason),
        [Queue] = Text(queue),
        [MessageId] = Text(messageId),
        [Receives] = Text(receives.ToString(CultureInfo.InvariantCulture)),
    });

    // SQS takes no control characters.
    private static MessageAttributeValue Text(string text) =>
        new() { DataType = "String", StringValue = string.Concat(text.Select(static letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter)) };
}
