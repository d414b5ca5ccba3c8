using System.Buffers;
using System.Text;
using System.Text.Unicode;
using AgentRuntime.Common;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AgentRuntime.FrontDoor.Admission;

/// <summary>
/// Reads the wire form of a message without making anything of it. Two bytes there can become a hundred of an object: so what the API does not have and the
/// fields and elements of a message are counted before it is parsed. A newer client's few fields pass, as protobuf wants it. What passes can be parsed.
/// </summary>
internal ref struct WireScan
{
    public const int MaxUnknownBytes = 16 * 1024;
    public const int MaxUnknownFields = 256;
    public const int MaxParts = 10_000;

    // Protobuf's own.
    private const int MaxDepth = 100;
    private const int MaxVarintBytes = 10;
    private const int BlockChars = 512;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SequenceReader<byte> _wire;
    private long _unknownBytes;
    private int _unknownFields;
    private int _parts;

    /// <exception cref="InvalidInputException">It holds too much, or is no message.</exception>
    public static void Require(ReadOnlySequence<byte> message, MessageDescriptor form)
    {
        var scan = new WireScan { _wire = new SequenceReader<byte>(message) };
        scan.Read(form, message.Length, depth: 0);
    }

    private void Read(MessageDescriptor form, long end, int depth)
    {
        if (depth > MaxDepth) throw Broken();
        while (_wire.Consumed < end)
        {
            var begin = _wire.Consumed;
            var (number, type) = Tag();
            if (form.FindFieldByNumber(number) is { } field && Fits(field, type))
            {
                Read(field, type, end, depth);
                continue;
            }

            CountUnknown();
            Skip(number, type, depth);
            _unknownBytes += _wire.Consumed - begin;
            if (_unknownBytes > MaxUnknownBytes) throw TooMuch();
        }

        if (_wire.Consumed != end) throw Broken();
    }

    private void Read(FieldDescriptor field, WireFormat.WireType type, long end, int depth)
    {
        CountPart();
        if (type != WireFormat.WireType.LengthDelimited)
        {
            Skip(field.FieldNumber, type, depth);
            return;
        }

        var length = Length();
        if (length > end - _wire.Consumed) throw Broken();
        switch (field.FieldType)
        {
            case FieldType.Message: Read(field.MessageType, _wire.Consumed + length, depth + 1); break;
            case FieldType.String: ReadText(field, length); break;
            case FieldType.Bytes: Advance(length); break;
            default: ReadPacked(field, _wire.Consumed + length); break;
        }
    }

    private void ReadText(FieldDescriptor field, long length)
    {
        var text = _wire.UnreadSequence.Slice(0, length);
        if (!(text.IsSingleSegment ? Utf8.IsValid(text.FirstSpan) : IsText(text))) throw new InvalidInputException(field.Name, "is no text in UTF-8.");
        _wire.Advance(length);
    }

    private static bool IsText(ReadOnlySequence<byte> pieces)
    {
        // A character may begin in one piece and end in the next.
        var decoder = Strict.GetDecoder();
        Span<char> block = stackalloc char[BlockChars];
        try
        {
            foreach (var piece in pieces)
            {
                for (var bytes = piece.Span; bytes.Length > 0;)
                {
                    decoder.Convert(bytes, block, flush: false, out var used, out _, out _);
                    bytes = bytes[used..];
                }
            }

            decoder.Convert([], block, flush: true, out _, out _, out _);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private void ReadPacked(FieldDescriptor field, long end)
    {
        var type = TypeOf(field);
        while (_wire.Consumed < end)
        {
            CountPart();
            Skip(field.FieldNumber, type, depth: 0);
        }

        if (_wire.Consumed != end) throw Broken();
    }

    // A known number in another form than its own is kept as unknown, too.
    private static bool Fits(FieldDescriptor field, WireFormat.WireType type) =>
        type == TypeOf(field) || (type == WireFormat.WireType.LengthDelimited && field.IsRepeated);

    private static WireFormat.WireType TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.String or FieldType.Bytes => WireFormat.WireType.LengthDelimited,
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireFormat.WireType.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireFormat.WireType.Fixed32,
        _ => WireFormat.WireType.Varint,
    };

    private void Skip(int number, WireFormat.WireType type, int depth)
    {
        switch (type)
        {
            case WireFormat.WireType.Varint: Varint(); break;
            case WireFormat.WireType.Fixed64: Advance(8); break;
            case WireFormat.WireType.Fixed32: Advance(4); break;
            case WireFormat.WireType.LengthDelimited: Advance(Length()); break;
            case WireFormat.WireType.StartGroup: SkipGroup(number, depth); break;
            default: throw Broken();
        }
    }

    // Groups count with the messages that they lie in, and each ends with the number that it began with.
    private void SkipGroup(int number, int depth)
    {
        Span<int> open = stackalloc int[MaxDepth];
        var count = 0;
        for (var type = WireFormat.WireType.StartGroup; ; CountUnknown())
        {
            if (type == WireFormat.WireType.StartGroup)
            {
                if (depth + count >= MaxDepth) throw Broken();
                open[count++] = number;
            }
            else if (type != WireFormat.WireType.EndGroup)
            {
                Skip(number, type, depth);
            }
            else if (open[--count] != number)
            {
                throw Broken();
            }
            else if (count == 0)
            {
                return;
            }

            (number, type) = Tag();
        }
    }

    private void CountPart()
    {
        if (++_parts > MaxParts) throw new InvalidInputException("body", $"holds more than {MaxParts} parts; send less at a time.");
    }

    private void CountUnknown()
    {
        if (++_unknownFields > MaxUnknownFields) throw TooMuch();
    }

    private (int Number, WireFormat.WireType Type) Tag()
    {
        var tag = Varint();
        return tag is >= 8 and <= uint.MaxValue ? ((int)(tag >> 3), (WireFormat.WireType)(tag & 7)) : throw Broken();
    }

    private long Length() => Varint() is <= int.MaxValue and var length ? (long)length : throw Broken();

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            if (!_wire.TryRead(out var next)) throw Broken();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }

        throw Broken();
    }

    private void Advance(long bytes)
    {
        if (bytes > _wire.Remaining) throw Broken();
        _wire.Advance(bytes);
    }

    private static InvalidInputException Broken() => new("body", "is no message of this method.");

    private static InvalidInputException TooMuch() =>
        new("body", $"holds more than {MaxUnknownFields} fields or {MaxUnknownBytes} bytes of fields that this API does not have; leave them out.");
}
