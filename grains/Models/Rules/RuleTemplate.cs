using System.Text;
using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Models.Rules;

/// <summary>A text with places for captures: <c>{name}</c>. Braces themselves are written twice.</summary>
internal sealed class RuleTemplate
{
    private readonly List<(string? Literal, string? Capture)> _parts = [];

    private RuleTemplate()
    {
    }

    /// <summary>The captures that it names, with the form asked for ("" for text).</summary>
    public List<(string Name, string Form)> Places { get; } = [];

    /// <summary>Set when the whole template is one place: then the value keeps its form.</summary>
    public (string Name, string Form)? OnlyPlace => _parts is [(null, _)] ? Places[0] : null;

    public string Fill(Captures captures)
    {
        var text = new StringBuilder();
        foreach (var (literal, capture) in _parts) text.Append(literal ?? captures.Text(capture!));
        return text.ToString();
    }

    /// <exception cref="InvalidInputException">A brace is open or a place names no capture of the rule.</exception>
    public static RuleTemplate Read(YamlValue value, string key, IReadOnlyCollection<string> known)
    {
        var text = YamlFields.TextOf(value, key);
        if (text.Length > RuleLimits.MaxTemplateChars) throw value.Place.Refuse($"'{key}' must be at most {RuleLimits.MaxTemplateChars} characters.");
        var template = new RuleTemplate();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not ('{' or '}')) literal.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == text[at]) literal.Append(text[at++]);
            else if (text[at] == '{' && text.IndexOf('}', at) is var end and > 0)
            {
                template.Flush(literal);
                template.AddPlace(text[(at + 1)..end], value, key, known);
                at = end;
            }
            else throw value.Place.Refuse($"'{key}' has a '{text[at]}' without its other half. Write '{text[at]}{text[at]}' for the character itself.");
        }

        template.Flush(literal);
        return template;
    }

    private void Flush(StringBuilder literal)
    {
        if (literal.Length > 0) _parts.Add((literal.ToString(), null));
        literal.Clear();
    }

    private void AddPlace(string place, YamlValue value, string key, IReadOnlyCollection<string> known)
    {
        var colon = place.IndexOf(':', StringComparison.Ordinal);
        var (name, form) = colon < 0 ? (place, "") : (place[..colon], place[(colon + 1)..]);
        if (!known.Contains(name))
            throw value.Place.Refuse(
                $"'{key}' names '{{{Shown.Text(name)}}}', which the rule does not capture. Captured: {(known.Count == 0 ? "nothing" : string.Join(", ", known))}.");
        if (form is not ("" or "number" or "json"))
            throw value.Place.Refuse($"'{key}' asks for the form '{Shown.Text(form)}' of '{name}'. Forms: number, json.");
        Places.Add((name, form));
        _parts.Add((null, name));
    }
}
