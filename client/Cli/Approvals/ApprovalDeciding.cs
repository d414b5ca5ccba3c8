using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Cli.Approvals;

/// <summary><c>approve</c>, <c>deny</c> and <c>resolve</c>.</summary>
internal static class ApprovalDeciding
{
    private const int MaxAtOnce = 10_000;
    private const int PageSize = 200;

    private static Option<string?> Reason() => new("--reason") { Description = "Why; it is recorded" };

    public static Command Many(string verb, string description, ApprovalVerdict verdict, string defaultReason)
    {
        var reason = Reason();
        var ids = new Argument<string[]>("APPROVAL") { Description = "Ids or whole names", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = $"Every call that waits now, {MaxAtOnce} at most, except critical ones and those whose outcome is asked" };
        return Verb.Of(
            verb,
            description,
            async (on, parsed, cancellation) =>
            {
                var typed = parsed.GetValue(ids) ?? [];
                if ((typed.Length == 0) != parsed.GetValue(all)) throw new CliException(ExitCode.Usage, $"{verb}: name approvals, or give --all.");
                var (names, areMore) = typed.Length > 0
                    ? ([.. typed.Select(id => on.Name("approvals", id))], false)
                    : await WaitingAsync(MaxAtOnce, token => PageAsync(on, token, cancellation));
                await DecideAllAsync(on, names, new DecideApprovalRequest { Verdict = verdict, Reason = parsed.GetValue(reason) ?? defaultReason }, cancellation);
                if (areMore) throw new CliException(ExitCode.Limit, $"{MaxAtOnce} approvals are decided and more wait; give {verb} --all again.");
            },
            ids, all, reason);
    }

    public static Command Resolve()
    {
        var id = new Argument<string>("APPROVAL") { Description = "Its id or whole name" };
        var outcome = new Option<string>("--outcome") { Description = "What became of the call: happened, did-not-happen, or retry (it did not; make it once more)", Required = true };
        outcome.AcceptOnlyFromAmong("happened", "did-not-happen", "retry");
        var result = new Option<string?>("--result") { Description = "With happened: the call's result as JSON" };
        var reason = Reason();
        return Verb.Of(
            "resolve",
            "Say what became of a call whose outcome a crash has hidden.",
            async (on, parsed, cancellation) =>
            {
                var request = new DecideApprovalRequest
                {
                    Name = on.Name("approvals", parsed.GetRequiredValue(id)),
                    Verdict = Words.Parse<ApprovalVerdict>(parsed.GetValue(outcome), "--outcome"),
                    Reason = parsed.GetValue(reason) ?? "resolved",
                };
                if (parsed.GetValue(result) is { } json) request.ResultJson = json;
                Show(on, await DecideAsync(on, request, cancellation));
            },
            id, outcome, result, reason);
    }

    public static string Line(Approval approval) =>
        $"{Connection.IdOf(approval.Name)}  {Words.Of(approval.State)}  {Connection.IdOf(approval.Agent)}  {Connection.IdOf(approval.Tool)}  "
        + $"{approval.ApprovedBy.Count}/{approval.RequiredPeople}  {Safe.Text(approval.ArgumentsJson, Safe.MaxCellChars)}";

    /// <summary>Decides one after the other, past those that are refused, and ends with the exit code of the first of these.</summary>
    private static async Task DecideAllAsync(Connection on, List<string> names, DecideApprovalRequest decision, CancellationToken cancellation)
    {
        var (done, refused, code) = (0, 0, ExitCode.Ok);
        await using (var progress = new ProgressLine(on.Print.Form, _ => $"{done} of {names.Count}"))
        {
            foreach (var name in names)
            {
                decision.Name = name;
                try
                {
                    var decided = await DecideAsync(on, decision, cancellation);
                    progress.Above(() => Show(on, decided));
                }
                catch (RpcException refusal) when (names.Count > 1 && IsOfThisOne(refusal))
                {
                    var (refusalCode, line) = Failure.Describe(refusal);
                    progress.Above(() => Console.Error.WriteLine($"error: {Safe.Text(line)}"));
                    if (refused++ == 0) code = refusalCode;
                }

                done++;
            }
        }

        if (refused > 0) throw new CliException(code, $"{refused} of {names.Count} approvals were not decided; the lines above say why.");
    }

    // What stands in the way of one call more stands in the way of all of them.
    private static bool IsOfThisOne(RpcException refusal) => refusal.StatusCode
        is StatusCode.PermissionDenied or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.Aborted or StatusCode.InvalidArgument;

    /// <summary>The calls that may be decided unseen, of all pages, and whether there are more of them than asked for.</summary>
    internal static async Task<(List<string> Names, bool AreMore)> WaitingAsync(int most, Func<string, Task<ListApprovalsResponse>> readPage)
    {
        var names = new List<string>();
        var token = "";
        do
        {
            var page = await readPage(token);
            names.AddRange(page.Approvals.Where(approval => approval.Kind == ApprovalKind.Call && approval.Risk != RiskLevel.Critical).Select(approval => approval.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0 && names.Count <= most);
        return (names[..Math.Min(names.Count, most)], names.Count > most);
    }

    private static async Task<ListApprovalsResponse> PageAsync(Connection on, string token, CancellationToken cancellation) =>
        await on.Client.Approvals.ListApprovalsAsync(
            new ListApprovalsRequest { Parent = on.Parent, State = ApprovalState.Pending, PageSize = PageSize, PageToken = token }, cancellationToken: cancellation);

    private static async Task<Approval> DecideAsync(Connection on, DecideApprovalRequest request, CancellationToken cancellation) =>
        await on.Client.Approvals.DecideApprovalAsync(request, cancellationToken: cancellation);

    private static void Show(Connection on, Approval decided) => on.Print.Line(decided, Line(decided));
}
