using AgentRuntime.Common;

namespace AgentRuntime.Tools.Http.Egress;

/// <summary>A list of hosts that may be reached.</summary>
internal sealed class HostRules
{
    private readonly HostRule[] _rules;

    private HostRules(HostRule[] rules) => _rules = rules;

    /// <exception cref="InvalidInputException">An entry is not a host in its one spelling.</exception>
    public static HostRules Parse(IEnumerable<string> texts, string field) => new([.. texts.Select(text => HostRule.TryParse(text, out var rule)
        ? rule
        : throw new InvalidInputException(
            field, $"'{text}' must be a lower-case host or host:port without scheme or path, such as api.example.com or 192.0.2.1:8443."))]);

    public bool Covers(HostRule wanted) => Array.Exists(_rules, rule => rule.Covers(wanted));

    public HostRule? FindOutside(HostRules outer)
    {
        foreach (var rule in _rules)
        {
            if (!outer.Covers(rule))
                return rule;
        }

        return null;
    }
}
