using System.Buffers;
using AgentRuntime.Common;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AgentRuntime.FrontDoor.Admission;

/// <summary>
/// Reads the wire form of a message without making anything of it. Two bytes there can become a hundred of an object: so what the API does not have and the
/// parts of a message are counted before it is parsed. A newer client's few fields pass, as protobuf wants it.
/// </summary>
internal ref struct WireScan
{
    public const int MaxUnknownBytes = 16 * 1024;
    public const int MaxUnknownFields = 256;
    public const int MaxParts = 10_000;

    // Protobuf's own.
    private const int MaxDepth = 100;
    private const int MaxVarintBytes = 10;

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
        if (++_parts > MaxParts) throw new InvalidInputException("body", $"holds more than {MaxParts} parts; send less at a time.");
        while (_wire.Consumed < end)
        {
            var begin = _wire.Consumed;
            var (number, type) = Tag();
            if (form.FindFieldByNumber(number) is not { } field || !Fits(field, type))
            {
                CountUnknown();
                Skip(type);
                _unknownBytes += _wire.Consumed - begin;
                if (_unknownBytes > MaxUnknownBytes) throw TooMuch();
            }
            else if (field.FieldType == FieldType.Message)
            {
                var length = Length();
                if (length > end - _wire.Consumed) throw Broken();
                Read(field.MessageType, _wire.Consumed + length, depth + 1);
            }
            else
            {
                Skip(type);
            }
        }

        if (_wire.Consumed != end) throw Broken();
    }

    // A known number in another form than its own is kept as unknown, too.
    private static bool Fits(FieldDescriptor field, WireFormat.WireType type)
    {
        var own = field.FieldType switch
        {
            FieldType.Message or FieldType.String or FieldType.Bytes => WireFormat.WireType.LengthDelimited,
            FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireFormat.WireType.Fixed64,
            FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireFormat.WireType.Fixed32,
            _ => WireFormat.WireType.Varint,
        };
        return type == own || (type == WireFormat.WireType.LengthDelimited && field.IsRepeated);
    }

    private void Skip(WireFormat.WireType type)
    {
        switch (type)
        {
            case WireFormat.WireType.Varint: Varint(); break;
            case WireFormat.WireType.Fixed64: Advance(8); break;
            case WireFormat.WireType.Fixed32: Advance(4); break;
            case WireFormat.WireType.LengthDelimited: Advance(Length()); break;
            case WireFormat.WireType.StartGroup: SkipGroup(); break;
            default: throw Broken();
        }
    }

    private void SkipGroup()
    {
        for (var open = 1; open > 0;)
        {
            var (_, type) = Tag();
            CountUnknown();
            if (type == WireFormat.WireType.EndGroup) open--;
            else if (type != WireFormat.WireType.StartGroup) Skip(type);
            else if (++open > MaxDepth) throw Broken();
        }
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
