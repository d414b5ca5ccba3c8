using System.Globalization;
using System.Text;
using AgentRuntime.Aws.Sqs.Messages;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Sqs.Receiving;

/// <summary>A message that was received: others do not see it until its time is up, unless that is extended.</summary>
internal sealed class Lease(Message message, SqsEnvelope envelope, DateTimeOffset now)
{
    public SqsEnvelope Envelope { get; } = envelope;

    public string MessageId { get; } = message.MessageId;

    public string Body { get; } = message.Body;

    /// <summary>What it is extended and deleted by. Each time that it is received there is another.</summary>
    public string Receipt { get; set; } = message.ReceiptHandle;

    public int Receives { get; } = ReceivesOf(message);

    public DateTimeOffset ReceivedAt { get; } = now;

    /// <summary>When its time last began.</summary>
    public DateTimeOffset RenewedAt { get; set; } = now;

    /// <summary>Its time is up and could not be extended: it will be received again.</summary>
    public bool IsLost { get; set; }

    /// <summary>A consumer failed it, and Orleans has given up trying.</summary>
    public bool IsFailed { get; set; }

    /// <summary>A consumer that had failed those before was not given it.</summary>
    public bool IsPassedBy { get; set; }

    /// <summary>Its last consumer has gone without finishing it.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>About how much memory it holds.</summary>
    public int Bytes { get; set; } = Encoding.UTF8.GetByteCount(message.Body);

    public static int ReceivesOf(Message message) =>
        message.Attributes is { } attributes && attributes.TryGetValue(MessageSystemAttributeName.ApproximateReceiveCount, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
}
