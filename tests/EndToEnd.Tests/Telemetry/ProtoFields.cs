using Google.Protobuf;

namespace AgentRuntime.EndToEnd.Tests.Telemetry;

/// <summary>The fields of an encoded protobuf message, read without knowing its type: of the OTLP protocol only a few are looked at.</summary>
internal static class ProtoFields
{
    /// <summary>The values of a field of bytes, text or messages.</summary>
    public static IEnumerable<byte[]> Of(byte[] message, int field)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited) yield return input.ReadBytes().ToByteArray();
            else input.SkipLastField();
        }
    }

    /// <summary>What lies below a path of fields.</summary>
    public static IEnumerable<byte[]> Below(byte[] message, params int[] path) =>
        path.Aggregate(Enumerable.Repeat(message, 1), (messages, field) => messages.SelectMany(each => Of(each, field)));
}
