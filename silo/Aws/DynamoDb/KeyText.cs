using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentRuntime.Aws.DynamoDb;

/// <summary>
/// Parts of keys. A part that is escaped holds neither of the characters that separate parts, so that no name, whoever chose it, reads as another part:
/// what is percent-encoded is <c>%</c>, <c>#</c>, <c>/</c>, what policies of IAM take for a pattern or a variable (<c>* ? $</c>), and control characters.
/// </summary>
internal static class KeyText
{
    /// <summary>DynamoDB's limit of a partition key, in bytes of UTF-8.</summary>
    public const int MaxPartitionKeyBytes = 2048;

    /// <summary>DynamoDB's limit of a sort key, in bytes of UTF-8.</summary>
    public const int MaxSortKeyBytes = 1024;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. "%#/*?$\u007f", .. Enumerable.Range(0, 32).Select(static code => (char)code)]);

    public static string Escape(string part)
    {
        if (!part.AsSpan().ContainsAny(Escaped)) return part;
        var text = new StringBuilder(part.Length + 16);
        foreach (var letter in part)
        {
            if (Escaped.Contains(letter)) text.Append('%').Append(((int)letter).ToString("X2", CultureInfo.InvariantCulture));
            else text.Append(letter);
        }

        return text.ToString();
    }

    /// <summary>The part that <see cref="Escape"/> made the text of.</summary>
    public static string Unescape(string text) => text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;

    /// <summary>As <see cref="Unescape"/>, if <see cref="Escape"/> makes this text: one name has one key.</summary>
    public static bool TryUnescape(string text, out string part)
    {
        part = Unescape(text);
        return part.Length > 0 && Escape(part) == text;
    }

    /// <summary>Begins the partition key of everything that belongs to a tenant.</summary>
    public static string Tenant(string tenant) => tenant.Length is > 0 and <= 256
        ? $"T#{Escape(tenant)}#"
        : throw new ArgumentException($"A tenant has 1 to 256 characters; the tenant resolver gave one of {tenant.Length}.", nameof(tenant));

    /// <summary>Returns the keys if DynamoDB takes them.</summary>
    /// <exception cref="ArgumentException">One is too long.</exception>
    public static (string Partition, string Sort) Checked(string partition, string sort)
    {
        Check("partition", partition, MaxPartitionKeyBytes);
        Check("sort", sort, MaxSortKeyBytes);
        return (partition, sort);
    }

    private static void Check(string kind, string key, int limit)
    {
        if (key.Length * 3 <= limit || Encoding.UTF8.GetByteCount(key) is var bytes && bytes <= limit) return;
        throw new ArgumentException($"The {kind} key '{key[..64]}...' has {bytes} bytes; DynamoDB takes {limit}. Use a shorter grain key or name.");
    }
}
