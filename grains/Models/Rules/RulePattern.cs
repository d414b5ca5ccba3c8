using System.Text.RegularExpressions;
using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Models.Rules;

/// <summary>A pattern that matches in time linear in the text. Its named groups are captures; unnamed ones are not kept.</summary>
internal sealed class RulePattern
{
    private readonly Regex _regex;

    private RulePattern(Regex regex)
    {
        _regex = regex;
        Captures = [.. regex.GetGroupNames().Where(name => name != "0")];
    }

    public IReadOnlyList<string> Captures { get; }

    /// <exception cref="InvalidInputException">The pattern is malformed, or needs backtracking.</exception>
    public static RulePattern Read(YamlValue value, string key)
    {
        var text = YamlFields.TextOf(value, key);
        if (text.Length > RuleLimits.MaxPatternChars) throw value.Place.Refuse($"'{key}' must be at most {RuleLimits.MaxPatternChars} characters.");
        try
        {
            return new RulePattern(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            throw value.Place.Refuse($"'{key}' is no pattern that can be used: {refused.Message}");
        }
    }

    /// <summary>Whether it matches; fills the captures. A group that took no part captures the empty text.</summary>
    public bool Match(string text, Captures captures)
    {
        var match = _regex.Match(text.Length <= RuleLimits.MaxTextChars ? text : text[..RuleLimits.MaxTextChars]);
        if (!match.Success) return false;
        foreach (var name in Captures) captures.Set(name, match.Groups[name].Value);
        return true;
    }
}
