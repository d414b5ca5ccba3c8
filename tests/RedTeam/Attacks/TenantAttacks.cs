using AgentRuntime.FrontDoor.Authorisation;
using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Another tenant in a name, a body or the metadata, in every method; and metadata that is there twice. The twin names the credential's tenant.</summary>
internal static class TenantAttacks
{
    public static IEnumerable<Attack> Against(Target target)
    {
        foreach (var (method, rule) in Requests.Guarded.Where(each => each.Rule.Caller != CallerKind.Platform && !each.Method.Contains(".Tenants/", StringComparison.Ordinal)))
        {
            yield return new Attack(
                $"tenant/{Requests.ShortName(method)}", "names another tenant than the credential",
                () => AskAsync(target, method, rule, "acme"), () => AskAsync(target, method, rule, "other"))
            {
                LetsIn = answer => !answer.Says("PERMISSION_DENIED") && !answer.Says("UNAUTHENTICATED") && !answer.Says("another tenant"),
            };
        }

        yield return Start(target, "body-agent", request => request.Agent = "tenants/other/agents/red-team");
        yield return Start(target, "body-session", request => request.Session = "tenants/other/sessions/red-team");
        yield return Metadata(target, "metadata-tenant", "names another tenant than the credential", ("x-agentruntime-tenant", "other"));
        yield return Metadata(target, "metadata-tenant-twice", "is sent twice", ("x-agentruntime-tenant", "acme"), ("x-agentruntime-tenant", "other"));
        yield return Metadata(target, "metadata-tenant-joined", "is sent twice", ("x-agentruntime-tenant", "acme,other"));
        yield return Metadata(target, "metadata-tenant-spelled", "names another tenant than the credential", ("x-agentruntime-tenant", "ACME"));
        yield return Metadata(target, "authorization-twice", "is sent twice", ("authorization", $"Bearer {target.Token("other", "developer")}"));
        yield return new Attack("tenant/authorization-joined", "is sent twice", () => GoodAsync(target),
            () => target.Wire.CallAsync(target.List("acme", $"{target.Token("acme", "developer")}, Bearer {target.Token("other", "developer")}")));
        yield return new Attack("tenant/json-path", "names another tenant than the credential", () => JsonAsync(target, "acme"), () => JsonAsync(target, "other"));
        yield return new Attack("tenant/json-query", "is no parameter", () => JsonAsync(target, "acme"), () => JsonAsync(target, "acme", "?parent=tenants/other"));
        foreach (var (name, parent) in new[] { ("encoded", "tenants/%6fther"), ("dots", "tenants/acme/../other"), ("upper", "tenants/ACME"), ("blank", "tenants/acme "), ("wildcard", "tenants/-") })
        {
            yield return new Attack($"tenant/spelled-{name}", "INVALID_ARGUMENT", () => GoodAsync(target),
                () => target.Wire.CallAsync(Target.Authorised(new Shot(target.Grpc, "/agentruntime.v1.Runs/ListRuns", new V1.ListRunsRequest { Parent = parent }), target.Token("acme", "developer"))));
        }
    }

    private static Task<Answer> GoodAsync(Target target) => target.Wire.CallAsync(target.List("acme", target.Token("acme", "developer")));

    private static Task<Answer> AskAsync(Target target, string method, MethodRule rule, string tenant) =>
        target.Wire.CallAsync(Target.Authorised(new Shot(target.Grpc, method, Requests.For(method, tenant)) { UntilBegun = true }, target.Token("acme", rule.Roles.Order(StringComparer.Ordinal).First())));

    private static Attack Start(Target target, string id, Action<V1.StartRunRequest> change) => new(
        $"tenant/{id}", "names another tenant than the credential", () => StartAsync(target, _ => { }), () => StartAsync(target, change))
    {
        LetsIn = answer => !answer.Says("another tenant"),
    };

    private static Task<Answer> StartAsync(Target target, Action<V1.StartRunRequest> change)
    {
        var request = new V1.StartRunRequest { Parent = "tenants/acme", Agent = "tenants/acme/agents/red-team", Input = "x", RequestId = "red-team" };
        change(request);
        return target.Wire.CallAsync(Target.Authorised(new Shot(target.Grpc, "/agentruntime.v1.Runs/StartRun", request), target.Token("acme", "developer")));
    }

    private static Attack Metadata(Target target, string id, string expected, params (string Name, string Value)[] headers) => new(
        $"tenant/{id}", expected,
        () => target.Wire.CallAsync(target.List("acme", target.Token("acme", "developer")).With("x-agentruntime-tenant-not", "other")),
        () => target.Wire.CallAsync(headers.Aggregate(target.List("acme", target.Token("acme", "developer")), (shot, header) => shot.With(header.Name, header.Value))));

    private static Task<Answer> JsonAsync(Target target, string tenant, string query = "") =>
        target.Wire.JsonAsync(HttpMethod.Get, new Uri(target.Http, $"/v1/tenants/{tenant}/runs{query}"), target.Token("acme", "developer"));
}
