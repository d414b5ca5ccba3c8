using System.Collections.Concurrent;
using System.Reflection;
using AgentRuntime.Common;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AgentRuntime.FrontDoor;

/// <summary>
/// Refuses messages that hold much of what this API does not have. A newer client's few fields are passed over, as protobuf wants it; a megabyte of them is
/// memory that nobody asked for.
/// </summary>
internal static class UnknownFields
{
    public const int MaxBytes = 16 * 1024;

    private static readonly ConcurrentDictionary<Type, FieldInfo?> Holders = new();

    /// <exception cref="InvalidInputException">The message holds too much of them.</exception>
    public static void Require(object request)
    {
        // What is small as a whole holds little of anything, and that is nearly every message.
        if (request is IMessage message && message.CalculateSize() > MaxBytes && SizeOf(message) is > MaxBytes and var bytes)
            throw new InvalidInputException("body", $"holds {bytes} bytes of fields that this API does not have; send at most {MaxBytes}.");
    }

    private static long SizeOf(IMessage message)
    {
        // The library keeps them in a field of its own, and shows them nowhere.
        var holder = Holders.GetOrAdd(message.GetType(), static type => type.GetField("_unknownFields", BindingFlags.Instance | BindingFlags.NonPublic));
        var bytes = holder?.GetValue(message) is UnknownFieldSet unknown ? unknown.CalculateSize() : 0L;
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message && !field.IsMap))
        {
            if (field.IsRepeated)
                bytes += ((System.Collections.IList)field.Accessor.GetValue(message)).OfType<IMessage>().Sum(SizeOf);
            else if (field.Accessor.GetValue(message) is IMessage part)
                bytes += SizeOf(part);
        }

        return bytes;
    }
}
