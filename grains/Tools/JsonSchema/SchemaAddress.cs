using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Addresses of schemas: URIs (RFC 3986) that name and are never fetched.</summary>
internal static class SchemaAddress
{
    /// <summary>What a schema is relative to that says nothing of its own address.</summary>
    public static readonly Uri Unnamed = new("schema:///");

    private static readonly SearchValues<char> SchemeChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>Splits a reference at its fragment; null means that it has none.</summary>
    public static (string Address, string? Fragment) Split(string reference)
    {
        var at = reference.IndexOf('#', StringComparison.Ordinal);
        return at < 0 ? (reference, null) : (reference[..at], Uri.UnescapeDataString(reference[(at + 1)..]));
    }

    /// <summary>Resolves an address without fragment against the one it stands in.</summary>
    public static bool TryResolve(Uri from, string address, [NotNullWhen(true)] out Uri? resolved)
    {
        // A leading slash is a path here, never a file of this machine.
        var kind = HasScheme(address) ? UriKind.Absolute : UriKind.Relative;
        resolved = null;
        return Uri.TryCreate(address, kind, out var uri) && (uri.IsAbsoluteUri || Uri.TryCreate(from, uri, out uri)) && (resolved = uri) is not null;
    }

    private static bool HasScheme(string address)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(address[0]) && address.AsSpan(0, colon).IndexOfAnyExcept(SchemeChars) < 0;
    }
}
