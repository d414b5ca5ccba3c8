using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Approvals;

/// <summary>The verbs of <c>approval</c>.</summary>
internal static class ApprovalCommands
{
    private static readonly Argument<string> One = new("APPROVAL") { Description = "Its id or whole name" };
    private static readonly Option<string> State = new("--state")
    {
        Description = "pending, approved, denied, expired, withdrawn or all",
        DefaultValueFactory = _ => "pending",
    };

    public static Command Create() => Verb.Noun(
        "approval",
        "What agents ask people before they do something dangerous.",
        List(),
        Show(),
        Watch(),
        ApprovalDeciding.Many("approve", "Let calls be made.", ApprovalVerdict.Approve, "approved"),
        ApprovalDeciding.Many("deny", "Refuse calls.", ApprovalVerdict.Deny, "denied"),
        ApprovalDeciding.Resolve());

    public static Task<List<Approval>> ReadAsync(Connection on, ApprovalState state, int limit, CancellationToken cancellation) =>
        Paging.ReadAsync(limit, async (size, token) =>
        {
            var request = new ListApprovalsRequest { Parent = on.Parent, State = state, PageSize = size, PageToken = token };
            var page = await on.Client.Approvals.ListApprovalsAsync(request, cancellationToken: cancellation);
            return ((IEnumerable<Approval>)page.Approvals, page.NextPageToken);
        });

    private static Command List()
    {
        var limit = Paging.Limit();
        return Verb.Of(
            "list",
            "The approvals of the tenant, oldest first.",
            async (on, parsed, cancellation) =>
            {
                var typed = parsed.GetValue(State);
                var state = typed == "all" ? ApprovalState.Unspecified : Words.Parse<ApprovalState>(typed, "--state");
                on.Print.List(
                    await ReadAsync(on, state, parsed.GetValue(limit), cancellation),
                    state == ApprovalState.Unspecified ? $"No approvals of tenant {on.Tenant}." : $"No approval of tenant {on.Tenant} is {Words.Of(state)}.",
                    ("APPROVAL", approval => Connection.IdOf(approval.Name)),
                    ("STATE", approval => Words.Of(approval.State)),
                    ("KIND", approval => Words.Of(approval.Kind)),
                    ("AGENT", approval => Connection.IdOf(approval.Agent)),
                    ("TOOL", approval => Connection.IdOf(approval.Tool)),
                    ("RISK", approval => Words.Of(approval.Risk)),
                    ("ARGUMENTS", approval => Safe.Text(approval.ArgumentsJson, 60)),
                    ("EXPIRES", approval => Words.Of(approval.ExpireTime)));
            },
            State, limit);
    }

    private static Command Show() => Verb.Of(
        "show",
        "One approval with everything it binds.",
        async (on, parsed, cancellation) =>
        {
            var request = new GetApprovalRequest { Name = on.Name("approvals", parsed.GetRequiredValue(One)) };
            var approval = await on.Client.Approvals.GetApprovalAsync(request, cancellationToken: cancellation);
            on.Print.One(
                approval,
                ("approval", Connection.IdOf(approval.Name)),
                ("state", Words.Of(approval.State)),
                ("kind", approval.Kind == ApprovalKind.Resolve ? "resolve: did this call happen?" : "call: may this call be made?"),
                ("run", Connection.IdOf(approval.Run)),
                ("agent", Connection.IdOf(approval.Agent)),
                ("step, call", $"{approval.Step}, {approval.Call}"),
                ("tool", Connection.IdOf(approval.Tool)),
                ("risk", Words.Of(approval.Risk)),
                ("arguments", approval.ArgumentsJson),
                ("arguments hash", approval.ArgumentsHash),
                ("contract hash", approval.ContractHash),
                ("policy hash", approval.PolicyHash),
                ("requested by", Words.Identity(approval.RequestedBy)),
                ("approved by", $"{approval.ApprovedBy.Count} of {approval.RequiredPeople} {string.Join(", ", approval.ApprovedBy.Select(Words.Identity))}"),
                ("reason", approval.Reason),
                ("asked", Words.Of(approval.CreateTime)),
                ("expires", Words.Of(approval.ExpireTime)));
        },
        One);

    private static Command Watch() => Verb.Of(
        "watch",
        "The approvals that wait, and each that comes or is decided. Ends with Ctrl-C.",
        async (on, _, cancellation) =>
        {
            await foreach (var approval in on.Client.WatchApprovalsAsync(on.Parent, cancellation)) on.Print.Line(approval, ApprovalDeciding.Line(approval));
        });
}
