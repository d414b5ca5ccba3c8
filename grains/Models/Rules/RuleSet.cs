using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Models.Rules;

/// <summary>Rules in order: the first whose conditions hold decides.</summary>
internal sealed record RuleSet(string Name, IReadOnlyList<Rule> Rules)
{
    public const string Kind = "Rules";

    /// <summary>The one rule set of a file.</summary>
    /// <exception cref="InvalidInputException">The file is refused; the message begins with line and column and names the culprit.</exception>
    public static RuleSet Parse(string yaml)
    {
        var documents = ManifestDocument.ReadAll(yaml, Kind);
        if (documents.Count > 1) throw documents[1].Fields.Place.Refuse("a file holds one rule set. Put the second into a file of its own.");
        var fields = documents[0].Fields;
        var items = fields.List("rules");
        fields.Done();
        if (items.Count is 0 or > RuleLimits.MaxRules) throw fields.Place.Refuse($"'rules' must be 1 to {RuleLimits.MaxRules}, not {items.Count}.");

        var rules = new List<Rule>(items.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var rule = RuleReader.Read(item);
            if (!names.Add(rule.Name)) throw item.Place.Refuse($"rule '{Shown.Text(rule.Name)}' is there twice. Give one another name.");
            rules.Add(rule);
        }

        return new RuleSet(documents[0].Name, rules);
    }
}
