using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb;

/// <summary>Attributes as text that is the same in every culture, and readable in a console.</summary>
internal static class ItemText
{
    public static AttributeValue Of(string text) => new(text);

    public static AttributeValue Of(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    /// <summary>To 100 ns, in an order that is that of time.</summary>
    public static AttributeValue Of(DateTime utc) => new(Format(utc));

    public static string Format(DateTime utc) => DateTime.SpecifyKind(utc, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    public static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    public static DateTime? Time(this Dictionary<string, AttributeValue> item, string name) => item.TryGetValue(name, out var value) ? Time(value.S) : null;

    public static long Number(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) ? long.Parse(value.N, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;

    public static string? Text(this Dictionary<string, AttributeValue> item, string name) => item.TryGetValue(name, out var value) ? value.S : null;

    /// <summary>A number that somebody else kept for us; one that is not ours matches nothing.</summary>
    public static long Etag(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
