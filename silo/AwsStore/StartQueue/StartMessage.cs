using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>
/// A message that asks for a run, as the call of the front door that it stands for. Nothing is decided here: what the body says, and for whom the
/// credential speaks, is found out where all calls are.
/// </summary>
/// <param name="Path">The path of the call, which names the tenant that the body does.</param>
/// <param name="Body">The body of the call.</param>
/// <param name="Headers">The headers of the call.</param>
internal sealed record StartMessage(string Path, string Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The longest body, so that the message has room for its attributes, and its dead letter for others.</summary>
    public const int MaxBodyBytes = 240 * 1024;

    /// <summary>Of all headers together; the front door takes 16 KiB with its own.</summary>
    public const int MaxHeaderBytes = 12 * 1024;

    private const string OwnHeaders = "x-agentruntime-";
    private const string Text = "String";
    private static readonly string[] KnownHeaders = ["authorization", "traceparent", "tracestate"];
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = FrontDoorLimits.MaxJsonDepth };

    /// <exception cref="InvalidInputException">It is no call whoever sent it.</exception>
    public static StartMessage Read(Message message)
    {
        var bytes = Encoding.UTF8.GetByteCount(message.Body);
        if (bytes > MaxBodyBytes) throw new InvalidInputException("body", $"has {bytes} bytes; send at most {MaxBodyBytes}.");
        return new StartMessage($"v1/{ParentOf(message.Body)}/runs", message.Body, HeadersOf(message));
    }

    /// <summary>How often SQS has handed the message out.</summary>
    public static int ReceivesOf(Message message) =>
        message.Attributes is { } attributes && attributes.TryGetValue(MessageSystemAttributeName.ApproximateReceiveCount, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;

    // JSON has the tenant in the path of the call, and a message has no path.
    private static string ParentOf(string body)
    {
        try
        {
            using var parsed = JsonDocument.Parse(body, Strict);
            var parent = parsed.RootElement.ValueKind == JsonValueKind.Object && parsed.RootElement.TryGetProperty("parent", out var named) && named.ValueKind == JsonValueKind.String
                ? named.GetString()!
                : throw new InvalidInputException("parent", "is missing; send 'tenants/TENANT', the tenant of the credential.");
            return parent.Split('/') is ["tenants", var tenant] ? $"tenants/{TenantId.Parse(tenant, "parent")}" : throw new InvalidInputException("parent", "must be 'tenants/TENANT'.");
        }
        catch (JsonException broken)
        {
            throw new InvalidInputException("body", $"is no JSON of at most {FrontDoorLimits.MaxJsonDepth} levels; see line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // JSON can escape what is no text, which shows only where it is read.
            throw new InvalidInputException("body", "holds half of a surrogate pair; write the character whole.");
        }
    }

    // Whatever proves who sends: all that the front door reads of a call. Other attributes are the sender's own affair.
    private static List<KeyValuePair<string, string>> HeadersOf(Message message)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in message.MessageAttributes ?? [])
        {
            var header = name.ToLowerInvariant();
            if (!KnownHeaders.Contains(header, StringComparer.Ordinal) && !header.StartsWith(OwnHeaders, StringComparison.Ordinal)) continue;
            if (value.DataType != Text || value.StringValue is not { } text) throw new InvalidInputException(header, "is no attribute of type String.");
            if (text.Any(static letter => letter is < ' ' or > '~')) throw new InvalidInputException(header, "holds other characters than printable ASCII.");
            headers.Add(new(header, text));
        }

        if (headers.Sum(static header => header.Key.Length + header.Value.Length) > MaxHeaderBytes) throw new InvalidInputException("attributes", $"have more than {MaxHeaderBytes} bytes together.");
        return headers;
    }
}
