using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Authorisation;
using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Every method of the table as every role that may not call it, and as a service where it needs a person. The twin has a role that may.</summary>
internal static class RoleAttacks
{
    private static readonly string[] Everyone = [.. Roles.OfTenants.Append(Roles.PlatformOperator).Order(StringComparer.Ordinal)];

    public static IEnumerable<Attack> Against(Target target)
    {
        foreach (var (method, rule) in Requests.Guarded)
        {
            foreach (var role in Everyone.Where(role => !rule.Roles.Contains(role)))
                yield return Try(target, method, rule, role, target.Token(TenantOf(role), role));
            yield return Try(target, method, rule, "no-role", target.Token("acme"));
            if (rule.Caller == CallerKind.TenantPerson) yield return Try(target, method, rule, "service", Service(target, rule));
        }
    }

    private static Attack Try(Target target, string method, MethodRule rule, string name, string token)
    {
        var admitted = rule.Roles.Order(StringComparer.Ordinal).First();
        return new Attack(
            $"role/{Requests.ShortName(method)}/{name}",
            name == "no-role" && rule.Caller != CallerKind.Platform ? "PERMISSION_DENIED: credential: this method needs" : "PERMISSION_DENIED",
            () => AskAsync(target, method, target.Token(TenantOf(admitted), admitted)),
            () => AskAsync(target, method, token))
        {
            // What is asked for is not there: who is told so has come in.
            LetsIn = answer => !answer.Says("PERMISSION_DENIED") && !answer.Says("UNAUTHENTICATED"),
        };
    }

    private static string Service(Target target, MethodRule rule)
    {
        var claims = Target.Claims(target.Acme, "acme", rule.Roles.First());
        claims.Remove("email");
        return target.Acme.Token(claims);
    }

    private static string? TenantOf(string role) => role == Roles.PlatformOperator ? null : "acme";

    private static Task<Answer> AskAsync(Target target, string method, string token) =>
        target.Wire.CallAsync(Target.Authorised(new Shot(target.Grpc, method, Requests.For(method, "acme")) { UntilBegun = true }, token));
}
