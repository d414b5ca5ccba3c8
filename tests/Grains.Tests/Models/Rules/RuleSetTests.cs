using AgentRuntime.Common;
using AgentRuntime.Models.Rules;

namespace AgentRuntime.Grains.Tests.Models.Rules;

public class RuleSetTests
{
    private const string Valid = """
        kind: Rules
        name: sample
        rules:
          - name: read
            when:
              input: 'ticket (?<id>[0-9]+)'
              called: { read-ticket: 0 }
            call:
              - tool: read-ticket
                arguments: { id: '{id:number}' }
          - name: done
            when: { after: read-ticket }
            take: { subject: "read-ticket $.subject" }
            answer: 'About {subject}'
        """;

    [Fact]
    public void Parse_Valid_KeepsTheOrder() => Assert.Equal(["read", "done"], RuleSet.Parse(Valid).Rules.Select(rule => rule.Name));

    [Theory]
    [InlineData("input:", "inptu:", "yaml:6:7: when has no key 'inptu'. Known: after, called, input, user, results")]
    [InlineData("'ticket (?<id>[0-9]+)'", "'ticket (?<id>[0-9]+'", "yaml:6:14: 'input' is no pattern that can be used")]
    [InlineData("'ticket (?<id>[0-9]+)'", "'(?<id>a)(?=b)'", "yaml:6:14: 'input' is no pattern that can be used")]
    [InlineData("'ticket (?<id>[0-9]+)'", "'(?<id>a)\\k<id>'", "'input' is no pattern that can be used")]
    [InlineData("'{id:number}'", "'{ident}'", "yaml:10:26: 'id' names '{ident}', which the rule does not capture. Captured: id")]
    [InlineData("'{id:number}'", "'{id:date}'", "asks for the form 'date' of 'id'")]
    [InlineData("'{id:number}'", "'#{id:number}'", "mixes a form with other text")]
    [InlineData("'{id:number}'", "'{id'", "has a '{' without its other half")]
    [InlineData("'About {subject}'", "'About {subject:json}'", "leave the form out")]
    [InlineData("read-ticket: 0", "read-ticket: many", "'read-ticket' must be a count such as 0, 1+ or 0-2")]
    [InlineData("read-ticket: 0", "read-ticket: 2-1", "must be a count")]
    [InlineData("after: read-ticket", "after: 'read ticket'", "'read ticket' is no tool name")]
    [InlineData("read-ticket $.subject", "read-ticket subject", "'subject' is no path")]
    [InlineData("read-ticket $.subject", "read-ticket $.a[x]", "'$.a[x]' is no path")]
    [InlineData("read-ticket $.subject", "read-ticket", "must be a tool and a path")]
    [InlineData("name: done", "name: read", "rule 'read' is there twice")]
    [InlineData("    answer:", "    handover: x\n    answer:", "exactly one of 'call'")]
    [InlineData("    answer:", "    then: x\n    answer:", "a rule has no key 'then'")]
    [InlineData("kind: Rules", "kind: Agent", "kind 'Agent' is not expected here")]
    public void Parse_Malformed_NamesPlaceAndCulprit(string from, string to, string part)
    {
        var yaml = Valid.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Valid, yaml);

        Assert.Contains(part, Assert.Throws<InvalidInputException>(() => RuleSet.Parse(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SameCaptureTwice_Refused()
    {
        var yaml = Valid.Replace("when: { after: read-ticket }", "when: { user: '(?<subject>x)' }", StringComparison.Ordinal);

        Assert.Contains("captures 'subject' twice", Assert.Throws<InvalidInputException>(() => RuleSet.Parse(yaml)).Message, StringComparison.Ordinal);
    }
}
