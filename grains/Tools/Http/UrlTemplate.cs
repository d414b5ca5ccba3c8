using System.Text;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Tools.Http;

/// <summary>A URL with places for arguments. Scheme, host and port are fixed: an argument can only fill path and query.</summary>
internal sealed class UrlTemplate
{
    public const int MaxChars = 2_048;
    public const int MaxUrlChars = 8_192;

    private readonly string _head;
    private readonly List<(string? Name, string Text)> _parts;

    private UrlTemplate(string head, List<(string? Name, string Text)> parts, EgressUrl @base)
    {
        _head = head;
        _parts = parts;
        Base = @base;
    }

    /// <summary>The URL without path and query.</summary>
    public EgressUrl Base { get; }

    public IEnumerable<string> Names => _parts.Where(p => p.Name is not null).Select(p => p.Name!).Distinct(StringComparer.Ordinal);

    /// <exception cref="InvalidInputException">It is malformed.</exception>
    public static UrlTemplate Parse(string text, string field)
    {
        if (text.Length > MaxChars)
            throw new InvalidInputException(field, $"must be at most {MaxChars} characters.");
        var authority = EgressUrl.Authority(text) ?? throw new InvalidInputException(field, "must be an absolute https URL in printable ASCII.");
        if (authority.Contains('{', StringComparison.Ordinal))
            throw new InvalidInputException(field, "must not take host or port from an argument.");
        var head = text[..(text.IndexOf("//", StringComparison.Ordinal) + 2 + authority.Length)];
        if (text.Contains('#', StringComparison.Ordinal))
            throw new InvalidInputException(field, "must not have a fragment.");
        var template = new UrlTemplate(head, Split(text[head.Length..], field), EgressUrl.Parse(head, field));
        template.RequirePlainPath(string.Concat(template._parts.Select(p => p.Name is null ? p.Text : "x")), field);
        return template;
    }

    /// <summary>The URL with its places filled, percent-encoded, and the names that were used.</summary>
    /// <exception cref="InvalidInputException">An argument cannot stand in a URL.</exception>
    public EgressUrl Fill(JsonElement arguments, IEnumerable<KeyValuePair<string, string>> query)
    {
        var tail = new StringBuilder();
        foreach (var (name, text) in _parts)
            tail.Append(name is null ? text : Encode(name, arguments, inQuery: tail.ToString().Contains('?', StringComparison.Ordinal)));
        RequirePlainPath(tail.ToString(), "url");
        var separator = tail.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in query)
        {
            tail.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        if (tail.Length + _head.Length > MaxUrlChars)
            throw new InvalidInputException("url", $"is longer than {MaxUrlChars} characters with these arguments.");
        return EgressUrl.Parse(_head + tail, "url");
    }

    private static List<(string? Name, string Text)> Split(string text, string field)
    {
        var parts = new List<(string? Name, string Text)>();
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf('{', at);
            var literal = open < 0 ? text[at..] : text[at..open];
            if (literal.Contains('}', StringComparison.Ordinal))
                throw new InvalidInputException(field, "has a '}' without '{'.");
            if (literal.Length > 0)
                parts.Add((null, literal));
            if (open < 0)
                break;
            var close = text.IndexOf('}', open);
            if (close <= open + 1)
                throw new InvalidInputException(field, "has a '{' without a name and '}'.");
            parts.Add((text[(open + 1)..close], ""));
            at = close + 1;
        }

        return parts;
    }

    private static string Encode(string name, JsonElement arguments, bool inQuery)
    {
        if (!arguments.TryGetProperty(name, out var value))
            throw new InvalidInputException(name, "is missing; the URL needs it.");
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw new InvalidInputException(name, "must be text, a number or a truth value; it stands in the URL."),
        };
        return text.Length == 0 && !inQuery
            ? throw new InvalidInputException(name, "must not be empty; it stands in the path.")
            : Uri.EscapeDataString(text);
    }

    // A segment of dots would climb out of the path that was reviewed.
    private void RequirePlainPath(string tail, string field)
    {
        var path = tail.Split('?', 2)[0];
        if (path.Split('/').Any(s => s.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or ".."))
            throw new InvalidInputException(field, $"must not have a path segment of dots ('{_head}').");
    }
}
