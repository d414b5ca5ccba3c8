using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Tenants;

/// <summary>The verbs of <c>tenant</c>, for platform operators.</summary>
internal static class TenantCommands
{
    private static readonly Argument<string> Id = new("TENANT-ID") { Description = "The tenant" };
    private static readonly Argument<string[]> Times = new("TIMES")
    {
        Description = "default=30d customer=7d archive=forever; none keeps everything for ever", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is recorded", Required = true };

    public static Command Create() => Verb.Noun(
        "tenant",
        "Tenants and their limits. Needs --role platform-operator.",
        Make(),
        Verb.Of("get", "One tenant.", async (on, parsed, cancellation) =>
            Show(on, await on.Client.Tenants.GetTenantAsync(new GetTenantRequest { Name = NameOf(parsed) }, cancellationToken: cancellation)), Id),
        Verb.Of("suspend", "Let no run of a tenant start or take a step.", async (on, parsed, cancellation) =>
        {
            var request = new SuspendTenantRequest { Name = NameOf(parsed), Reason = parsed.GetRequiredValue(Reason) };
            Show(on, await on.Client.Tenants.SuspendTenantAsync(request, cancellationToken: cancellation));
        }, Id, Reason),
        Verb.Of("release", "End a suspension.", async (on, parsed, cancellation) =>
        {
            var request = new ReleaseTenantRequest { Name = NameOf(parsed), Reason = parsed.GetRequiredValue(Reason) };
            Show(on, await on.Client.Tenants.ReleaseTenantAsync(request, cancellationToken: cancellation));
        }, Id, Reason),
        Verb.Of("retention", "Set how long ended runs are kept, by the classes of data that their agents handle. Replaces what was set.", async (on, parsed, cancellation) =>
        {
            var tenant = await on.Client.Tenants.GetTenantAsync(new GetTenantRequest { Name = NameOf(parsed) }, cancellationToken: cancellation);
            tenant.Settings.Retention = RetentionArgument.Parse(parsed.GetValue(Times) ?? []);
            Show(on, await on.Client.Tenants.UpdateTenantAsync(new UpdateTenantRequest { Tenant = tenant }, cancellationToken: cancellation));
        }, Id, Times));

    private static Command Make()
    {
        var displayName = new Option<string?>("--display-name") { Description = "For people; default: the id" };
        var maxOpenRuns = new Option<int>("--max-open-runs") { Description = "Runs that are not terminal, at most; 0 means 200,000" };
        var egress = new Option<string[]>("--egress-host") { Description = "A host that its tools may reach; may be repeated" };
        return Verb.Of(
            "create",
            "Create a tenant. The same settings again change nothing.",
            async (on, parsed, cancellation) =>
            {
                var id = parsed.GetRequiredValue(Id);
                var settings = new TenantSettings
                {
                    DisplayName = parsed.GetValue(displayName) ?? id,
                    MaxOpenRuns = parsed.GetValue(maxOpenRuns),
                    EgressHosts = { parsed.GetValue(egress) ?? [] },
                };
                var request = new CreateTenantRequest { TenantId = id, Settings = settings };
                Show(on, await on.Client.Tenants.CreateTenantAsync(request, cancellationToken: cancellation));
            },
            Id, displayName, maxOpenRuns, egress);
    }

    private static string NameOf(ParseResult parsed) => $"tenants/{parsed.GetRequiredValue(Id)}";

    private static void Show(Connection on, Tenant tenant) => on.Print.One(
        tenant,
        ("tenant", Connection.IdOf(tenant.Name)),
        ("display name", tenant.Settings.DisplayName),
        ("max open runs", $"{tenant.Settings.MaxOpenRuns}"),
        ("egress hosts", string.Join(", ", tenant.Settings.EgressHosts)),
        ("retention", RetentionArgument.Text(tenant.Settings.Retention)),
        ("suspended", tenant.SuspendedReason),
        ("created", Words.Of(tenant.CreateTime)));
}
