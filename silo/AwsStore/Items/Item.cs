using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Items;

/// <summary>Attributes of items, written and read. Names are one or two letters: DynamoDB charges for them with every item.</summary>
internal static class Item
{
    public static AttributeValue Text(string value) => new() { S = value };

    public static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Blob(byte[] value) => new() { B = new MemoryStream(value, 0, value.Length, writable: false, publiclyVisible: true) };

    public static string? TextOrNull(this IReadOnlyDictionary<string, AttributeValue> item, string name) => item.TryGetValue(name, out var value) ? value.S : null;

    public static string TextOf(this IReadOnlyDictionary<string, AttributeValue> item, string name) => item.TextOrNull(name) ?? throw Lacking(item, name);

    public static long? NumberOrNull(this IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) && value.N is { } text ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    public static long NumberOf(this IReadOnlyDictionary<string, AttributeValue> item, string name) => item.NumberOrNull(name) ?? throw Lacking(item, name);

    public static byte[]? BlobOrNull(this IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) && value.B is { } bytes ? bytes.ToArray() : null;

    public static byte[] BlobOf(this IReadOnlyDictionary<string, AttributeValue> item, string name) => item.BlobOrNull(name) ?? throw Lacking(item, name);

    /// <summary>Adds a text unless it is null: an attribute that is not there costs nothing.</summary>
    public static void Add(this Dictionary<string, AttributeValue> item, string name, string? value)
    {
        if (value is not null) item[name] = Text(value);
    }

    /// <summary>Adds a number unless it is null.</summary>
    public static void Add(this Dictionary<string, AttributeValue> item, string name, long? value)
    {
        if (value is { } number) item[name] = Number(number);
    }

    private static InvalidDataException Lacking(IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        new($"item {item.TextOrNull("pk")} {item.TextOrNull("sk")} lacks attribute {name}");
}
