using AgentRuntime.RedTeam.Targets;
using Google.Protobuf;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Ids that are none, in the names of every kind of resource. The twin is an id of a resource that is not there.</summary>
internal static class IdAttacks
{
    private static readonly (string Name, string Id)[] Bad =
    [
        ("empty", ""), ("upper", "Agent"), ("long", new string('a', 65)), ("huge", new string('a', 100_000)), ("dot", "."), ("dots", ".."), ("up", "../../other/agents/a"), ("slash", "a/b"),
        ("backslash", "a\\b"), ("nul", "a\0b"), ("newline", "a\nb"), ("escape", "a\u001b[2J"), ("bidi", "a\u202eb"), ("zero-width", "a\u200bb"), ("fullwidth", "\uff41gent"),
        ("combining", "a\u0301"), ("dotless", "adm\u0131n"), ("emoji", "\U0001F600"), ("blank", "a b"), ("percent", "a%2fb"), ("quote", "a'--"), ("sql", "a' or '1'='1"), ("template", "{{7*7}}"),
        ("dollar", "${jndi:x}"), ("tilde", "acme~a"), ("pipe", "a|b"), ("star", "*"), ("comma", "a,b"), ("plus", "a+b"), ("under", "a_b"),
    ];

    public static IEnumerable<Attack> Against(Target target)
    {
        foreach (var (kind, method, make) in Kinds)
        {
            foreach (var (name, id) in Bad)
            {
                yield return new Attack(
                    $"id/{kind}/{name}", "INVALID_ARGUMENT: name", () => AskAsync(target, method, make("red-team")), () => AskAsync(target, method, make(id)))
                {
                    LetsIn = answer => answer.Reason.Length == 0 || answer.Says("NOT_FOUND"),
                };
            }
        }
    }

    private static IEnumerable<(string Kind, string Method, Func<string, IMessage> Make)> Kinds =>
    [
        ("run", "/agentruntime.v1.Runs/GetRun", id => new V1.GetRunRequest { Name = $"tenants/acme/runs/{id}" }),
        ("agent", "/agentruntime.v1.Agents/GetAgent", id => new V1.GetAgentRequest { Name = $"tenants/acme/agents/{id}" }),
        ("tool", "/agentruntime.v1.Tools/GetTool", id => new V1.GetToolRequest { Name = $"tenants/acme/tools/{id}" }),
        ("session", "/agentruntime.v1.Sessions/GetSession", id => new V1.GetSessionRequest { Name = $"tenants/acme/sessions/{id}" }),
        ("approval", "/agentruntime.v1.Approvals/GetApproval", id => new V1.GetApprovalRequest { Name = $"tenants/acme/approvals/{id}" }),
    ];

    private static Task<Answer> AskAsync(Target target, string method, IMessage request) =>
        target.Wire.CallAsync(Target.Authorised(new Shot(target.Grpc, method, request), target.Token("acme", "developer")));
}
