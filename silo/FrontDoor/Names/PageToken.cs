using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Names;

/// <summary>Opaque marks of where a page begins. Each is bound to the list and its filters, so that it cannot be used with others.</summary>
internal static class PageToken
{
    private const int TagChars = 16;

    /// <summary>The number of lines that a page has.</summary>
    public static int Size(int requested) => requested switch
    {
        < 0 => throw new InvalidInputException("page_size", $"must be 1 to {FrontDoorLimits.MaxPageSize}, or 0 for {FrontDoorLimits.DefaultPageSize}."),
        0 => FrontDoorLimits.DefaultPageSize,
        _ => Math.Min(requested, FrontDoorLimits.MaxPageSize),
    };

    public static string Write(string query, string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Tag(query) + position));

    /// <summary>The position, or null for the first page.</summary>
    public static string? Read(string query, string token)
    {
        if (token.Length == 0) return null;
        if (token.Length <= FrontDoorLimits.MaxPageTokenChars && TryDecode(token) is { Length: > TagChars } text
            && text.StartsWith(Tag(query), StringComparison.Ordinal))
        {
            return text[TagChars..];
        }

        throw new InvalidInputException("page_token", "is not a token of this list with these filters; begin without one.");
    }

    private static string? TryDecode(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Tag(string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..TagChars];
}
