using System.Text;
using System.Text.Json;
using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Aws.Payloads;
using Orleans.Serialization;
using Orleans.Serialization.TypeSystem;

namespace AgentRuntime.Aws.Sqs.Messages;

/// <summary>Makes messages of events and events of messages.</summary>
internal sealed class SqsMessages(SqsStreamOptions options, Serializer serializer, TypeConverter types, IPayloadStore? payloads)
{
    // SQS's old limit of 256 KiB, which every endpoint takes, less what the queue of the dead needs for its attributes.
    public const int MaxBodyBytes = 254 * 1024;

    /// <summary>The body of a message; what is too large for it is stored when this returns.</summary>
    /// <exception cref="ArgumentException">It is too large, or the stream's name is not text.</exception>
    public async Task<string> WriteAsync<T>(StreamId stream, IEnumerable<T> events, Dictionary<string, object>? context)
    {
        var content = new SqsEvents { Events = [.. events.Cast<object>()], Context = context };
        var plain = serializer.SerializeToArray(content);
        if (plain.Length > options.MaxMessageBytes)
            throw new ArgumentException($"{content.Events.Count} events for stream '{stream}' have {plain.Length} bytes; MaxMessageBytes is {options.MaxMessageBytes}. Publish fewer at once, or raise it.");
        var packed = PackedBytes.Encode(plain);
        var envelope = new SqsEnvelope
        {
            Version = SqsEnvelope.CurrentVersion,
            Id = Guid.NewGuid(),
            Tenant = options.Tenant(stream),
            Namespace = stream.GetNamespace(),
            Key = stream.GetKeyAsString(),
            EventType = content.Events is [{ } first, ..] ? types.Format(first.GetType()) : types.Format(typeof(T)),
            Count = content.Events.Count,
            Encoding = packed.Encoding,
            Sha = packed.Sha,
            Data = packed.Kept.ToArray(),
        };
        if (envelope.Stream != stream) throw new ArgumentException($"The key of stream '{stream}' is not UTF-8 text, and a message of SQS is text.");
        var body = Text(envelope);
        return Encoding.UTF8.GetByteCount(body) <= MaxBodyBytes ? body : Text(await StoreAsync(envelope, packed));
    }

    /// <summary>Reads everything but the events.</summary>
    /// <exception cref="UnreadableMessageException">It is none of ours, or not for the tenant that it says.</exception>
    /// <exception cref="UnknownMessageException">Its version is another one.</exception>
    public SqsEnvelope ReadEnvelope(string body)
    {
        SqsEnvelope envelope;
        try
        {
            envelope = JsonSerializer.Deserialize(body, SqsJson.Default.SqsEnvelope) ?? throw new UnreadableMessageException("The body is null.");
        }
        catch (JsonException failure)
        {
            throw new UnreadableMessageException("The body is not an envelope of a stream event.", failure);
        }

        if (envelope.Version != SqsEnvelope.CurrentVersion) throw new UnknownMessageException($"The version {envelope.Version} of the body is unknown.");
        if (envelope.Key.Length == 0) throw new UnreadableMessageException("The body names no stream.");
        if (options.Tenant(envelope.Stream) != envelope.Tenant) throw new UnreadableMessageException("The stream is of another tenant than the body says.");
        if (envelope.ObjectKey is { } key && key != ObjectOf(envelope)) throw new UnreadableMessageException("The body names an object that is not its own.");
        return envelope;
    }

    /// <summary>Reads the events, and how many bytes they were before compression.</summary>
    /// <exception cref="UnreadableMessageException">They are missing, altered or too large.</exception>
    /// <exception cref="UnknownMessageException">This silo does not know how they are packed or their type, or has no place for large ones.</exception>
    public async Task<(SqsEvents Events, int Bytes)> ReadEventsAsync(SqsEnvelope envelope, CancellationToken cancellation)
    {
        var kept = envelope.Data is { } data ? data.AsMemory() : default(ReadOnlyMemory<byte>?);
        if (envelope.ObjectKey is { } key)
        {
            if (payloads is null) throw new UnknownMessageException("The events are in an object, and this silo has no Bucket.");
            kept = await ReadObjectAsync(key, cancellation);
        }

        var plain = Unpack(envelope, kept ?? throw new UnreadableMessageException("The events are missing."));
        try
        {
            return serializer.Deserialize<SqsEvents>(plain) is { Events: not null } events ? (events, plain.Length) : throw new UnreadableMessageException("The events are null.");
        }
        catch (Exception failure) when (failure is not UnreadableMessageException)
        {
            // They are what was written, as their hash says.
            throw new UnknownMessageException($"The events of type {envelope.EventType} are not known to this silo ({failure.GetType().Name}).", failure);
        }
    }

    /// <summary>Deletes what was stored for a message that has been delivered and deleted.</summary>
    public Task ForgetAsync(string objectKey) => payloads?.DeleteAsync(objectKey, default) ?? Task.CompletedTask;

    private ReadOnlyMemory<byte> Unpack(SqsEnvelope envelope, ReadOnlyMemory<byte> kept)
    {
        if (envelope.Encoding is not (PackedBytes.Plain or PackedBytes.Zstandard)) throw new UnknownMessageException($"The encoding '{envelope.Encoding}' of the events is unknown.");
        try
        {
            return PackedBytes.Decode(kept, envelope.Encoding, envelope.Sha, options.MaxMessageBytes);
        }
        catch (Exception failure)
        {
            throw new UnreadableMessageException($"The events of type {envelope.EventType} cannot be read ({failure.GetType().Name}).", failure);
        }
    }

    private static string Text(SqsEnvelope envelope) => JsonSerializer.Serialize(envelope, SqsJson.Default.SqsEnvelope);

    // The receiver knows the name, so that no message can name an object of another tenant.
    private static string ObjectOf(SqsEnvelope envelope) => $"T/{KeyText.Escape(envelope.Tenant)}/stream/{envelope.Id:N}";

    // The object first, then the message that names it: what a message names is there.
    private async Task<SqsEnvelope> StoreAsync(SqsEnvelope envelope, PackedBytes packed)
    {
        if (payloads is null)
            throw new ArgumentException($"{envelope.Count} events for stream '{envelope.Stream}' have {packed.Kept.Length} bytes, too many for a message of SQS. Publish fewer at once, or name a Bucket.");
        var key = ObjectOf(envelope);
        await payloads.PutAsync(key, packed.Kept, default);
        return envelope with { Data = null, ObjectKey = key };
    }

    private async Task<ReadOnlyMemory<byte>?> ReadObjectAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await payloads!.GetAsync(key, options.MaxMessageBytes, cancellation);
        }
        catch (InvalidDataException failure)
        {
            throw new UnreadableMessageException("The object with the events is too large.", failure);
        }
    }
}
