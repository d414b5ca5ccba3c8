using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Models.Rules;

/// <summary>Reads one rule and refuses what could not do what its author means.</summary>
internal static class RuleReader
{
    private const int MaxToolNameChars = 64;
    private const int MaxRuleNameChars = 100;

    public static Rule Read(YamlValue value)
    {
        var fields = new YamlFields(value, "a rule");
        var name = fields.RequireText("name");
        if (name.Length is 0 or > MaxRuleNameChars) throw fields.Require("name").Place.Refuse($"'name' must be 1 to {MaxRuleNameChars} characters.");
        var conditions = fields.Find("when") is { } when ? ReadConditions(when) : [];
        foreach (var taken in fields.Entries("take")) conditions.Add(ReadTake(taken));
        var captured = RequireDistinctCaptures(conditions, fields.Place);
        var action = ReadAction(fields, captured);
        fields.Done();
        return new Rule(name, conditions, action);
    }

    private static List<RuleCondition> ReadConditions(YamlValue value)
    {
        var fields = new YamlFields(value, "when");
        var conditions = new List<RuleCondition>();
        // The cheap ones come first: they settle most rules without a pattern.
        if (fields.FindText("after") is { } after) conditions.Add(new RuleCondition.After(RequireTool(after, fields.Require("after"))));
        foreach (var entry in fields.Entries("called"))
            conditions.Add(new RuleCondition.Called(
                RequireTool(entry.Key, entry.Value),
                CallCount.Parse(YamlFields.TextOf(entry.Value, entry.Key))
                    ?? throw entry.Value.Place.Refuse($"'{Shown.Text(entry.Key)}' must be a count such as 0, 1+ or 0-2.")));
        if (fields.Find("input") is { } input) conditions.Add(new RuleCondition.InputMatches(RulePattern.Read(input, "input"), First: true));
        if (fields.Find("user") is { } user) conditions.Add(new RuleCondition.InputMatches(RulePattern.Read(user, "user"), First: false));
        foreach (var tool in fields.Entries("results")) AddResults(conditions, tool);
        fields.Done();
        return conditions;
    }

    private static void AddResults(List<RuleCondition> conditions, YamlEntry tool)
    {
        if (tool.Value is not YamlMap paths) throw tool.Value.Place.Refuse($"'{Shown.Text(tool.Key)}' must be a map of paths, not {tool.Value.Kind}.");
        foreach (var entry in paths.Entries)
            conditions.Add(new RuleCondition.ResultMatches(
                RequireTool(tool.Key, tool.Value), RequirePath(entry.Key, entry.Place), RulePattern.Read(entry.Value, entry.Key)));
    }

    private static RuleCondition.Take ReadTake(YamlEntry entry)
    {
        var text = YamlFields.TextOf(entry.Value, entry.Key);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) throw entry.Value.Place.Refuse($"'{Shown.Text(entry.Key)}' must be a tool and a path, such as 'find-order $.status'.");
        return new RuleCondition.Take(entry.Key, RequireTool(text[..space], entry.Value), RequirePath(text[(space + 1)..].Trim(), entry.Value.Place));
    }

    private static RuleAction ReadAction(YamlFields fields, IReadOnlyCollection<string> captured)
    {
        var calls = fields.List("call");
        var answer = fields.Find("answer");
        var handover = fields.Find("handover");
        return (calls.Count, answer, handover) switch
        {
            ( > 0 and <= RuleLimits.MaxCallsInReply, null, null) => new RuleAction.Call([.. calls.Select(call => ReadCall(call, captured))]),
            (0, { } text, null) => new RuleAction.Answer(ReadText(text, "answer", captured)),
            (0, null, { } text) => new RuleAction.Handover(ReadText(text, "handover", captured)),
            _ => throw fields.Place.Refuse($"a rule needs exactly one of 'call' (1 to {RuleLimits.MaxCallsInReply} calls), 'answer' and 'handover'."),
        };
    }

    private static RuleTemplate ReadText(YamlValue value, string key, IReadOnlyCollection<string> captured)
    {
        var template = RuleTemplate.Read(value, key, captured);
        return template.Places.All(place => place.Form.Length == 0)
            ? template
            : throw value.Place.Refuse($"'{key}' is a text and takes captures as they are; leave the form out.");
    }

    private static RuleCall ReadCall(YamlValue value, IReadOnlyCollection<string> captured)
    {
        var fields = new YamlFields(value, "a call");
        var tool = RequireTool(fields.RequireText("tool"), fields.Require("tool"));
        var arguments = fields.Entries("arguments").Select(entry => (entry.Key, ArgumentTemplate.Read(entry.Value, entry.Key, captured))).ToArray();
        fields.Done();
        return new RuleCall(tool, arguments);
    }

    private static List<string> RequireDistinctCaptures(List<RuleCondition> conditions, YamlPlace place)
    {
        var captured = new List<string>();
        foreach (var name in conditions.SelectMany(condition => condition.Captured))
        {
            if (captured.Contains(name)) throw place.Refuse($"the rule captures '{Shown.Text(name)}' twice. Give one another name.");
            captured.Add(name);
        }

        return captured;
    }

    private static string RequireTool(string name, YamlValue at) =>
        name.Length is > 0 and <= MaxToolNameChars && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? name
            : throw at.Place.Refuse($"'{Shown.Text(name)}' is no tool name (A-Z, a-z, 0-9, '_' and '-', at most {MaxToolNameChars}).");

    private static JsonPath RequirePath(string path, YamlPlace at) =>
        JsonPath.Parse(path) ?? throw at.Refuse($"'{Shown.Text(path)}' is no path. Write $, $.name or $.list[0].name.");
}
