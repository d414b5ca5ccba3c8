using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentRuntime.Aws.Signing;
using Amazon.Runtime;

namespace AgentRuntime.Aws.EventBridge;

/// <summary>
/// Puts events on a bus of EventBridge, with the request <c>PutEvents</c> of its JSON 1.1 protocol. An event that is put is delivered at least once: one whose answer
/// was lost is put again.
/// </summary>
internal sealed class EventBus(SignedClient client, string bus, TimeProvider time)
{
    /// <summary>Entries of one request, as EventBridge limits them.</summary>
    public const int MaxEntries = 10;

    /// <summary>Bytes of all entries of one request, as EventBridge counts and limits them.</summary>
    public const int MaxRequestBytes = 256 * 1024;

    private const string PutTarget = "AWSEvents.PutEvents";
    private const string DescribeTarget = "AWSEvents.DescribeEventBus";
    private const string ContentType = "application/x-amz-json-1.1";

    // EventBridge counts a time as that.
    private const int TimeBytes = 14;

    private const int MaxAttempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether the bus is there.</summary>
    /// <exception cref="AmazonServiceException">EventBridge does not say.</exception>
    public async Task<bool> ExistsAsync(CancellationToken cancellation)
    {
        try
        {
            await client.SendAsync(new SignedRequest(DescribeTarget, ContentType, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["Name"] = bus })), cancellation);
            return true;
        }
        catch (AmazonServiceException missing) when (missing.ErrorCode == "ResourceNotFoundException")
        {
            return false;
        }
    }

    /// <summary>Completes once the bus has them all.</summary>
    /// <exception cref="AmazonServiceException">The bus does not take one, or not now: some may have been put.</exception>
    public async Task PutAsync(IEnumerable<BusEvent> events, CancellationToken cancellation)
    {
        List<BusEvent> batch = [];
        var bytes = 0;
        foreach (var each in events)
        {
            var size = SizeOf(each);
            if (batch.Count == MaxEntries || bytes + size > MaxRequestBytes)
            {
                await PutBatchAsync(batch, cancellation);
                (batch, bytes) = ([], 0);
            }

            batch.Add(each);
            bytes += size;
        }

        if (batch.Count > 0) await PutBatchAsync(batch, cancellation);
    }

    private static int SizeOf(BusEvent each)
    {
        var size = TimeBytes + Encoding.UTF8.GetByteCount(each.Source) + Encoding.UTF8.GetByteCount(each.Type) + Encoding.UTF8.GetByteCount(each.Detail);
        return size <= MaxRequestBytes ? size : throw new ArgumentException($"An event of type '{each.Type}' has {size} bytes; a bus takes {MaxRequestBytes}.", nameof(each));
    }

    // EventBridge answers for each entry by itself, within an answer that succeeds, so that the SDK does not send those again that failed.
    private async Task PutBatchAsync(List<BusEvent> batch, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var failed = ReadFailures(await client.SendAsync(new SignedRequest(PutTarget, ContentType, Write(batch)), cancellation), batch.Count);
            if (failed.Count == 0) return;
            if (failed.Find(static failure => !IsTransient(failure.Code)) is { Code: not null } refused) throw Refused(refused, ErrorType.Sender);
            if (attempt == MaxAttempts) throw Refused(failed[0], ErrorType.Receiver);
            await Task.Delay(Pause * (1 << attempt), time, cancellation);
            batch = [.. failed.Select(failure => batch[failure.Index])];
        }
    }

    private byte[] Write(List<BusEvent> batch)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("Entries");
            foreach (var each in batch)
            {
                json.WriteStartObject();
                json.WriteString("EventBusName", bus);
                json.WriteString("Source", each.Source);
                json.WriteString("DetailType", each.Type);
                json.WriteNumber("Time", each.Time.ToUnixTimeSeconds());
                json.WriteString("Detail", each.Detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static List<Failure> ReadFailures(byte[] answer, int count)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            if (json.RootElement.GetProperty("FailedEntryCount").GetInt32() == 0) return [];
            var entries = json.RootElement.GetProperty("Entries").EnumerateArray().ToList();
            if (entries.Count != count) throw new InvalidDataException($"EventBridge answered for {entries.Count} of {count} events.");
            return [.. entries.Select(static (entry, index) => Failure.Of(entry, index)).Where(static failure => failure.Code is not null)];
        }
        catch (Exception strange) when (strange is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("EventBridge gave an answer that is none; the events may have been put.", strange);
        }
    }

    private static bool IsTransient(string? code) => code is "ThrottlingException" or "InternalFailure" or "InternalException" or "ServiceUnavailable";

    private AmazonServiceException Refused(Failure failure, ErrorType type) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The event bus '{bus}' does not take an event: {failure.Code} {failure.Message}"), type, failure.Code, "", System.Net.HttpStatusCode.OK);

    private readonly record struct Failure(int Index, string? Code, string? Message)
    {
        public static Failure Of(JsonElement entry, int index) => new(index, TextOf(entry, "ErrorCode"), TextOf(entry, "ErrorMessage"));

        private static string? TextOf(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
