using System.CommandLine;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Runs;

/// <summary><c>run fork</c>: a run that goes on from a place in another one.</summary>
internal static class RunForking
{
    public static Command Create(Argument<string> run, Option<string?> inputText, Option<string?> inputFile, Option<string?> requestId)
    {
        var atSeq = new Option<long?>("--at-seq") { Description = "The last record to take over, as 'run watch' numbers them; the newest if left out" };
        var live = new Option<bool>("--live") { Description = "Call tools that change something, each approved anew. Without it they answer as they did in RUN" };
        var onBehalfOf = new Option<string?>("--on-behalf-of") { Description = "The end user for whom the fork is; as in RUN if left out" };
        return Verb.Of(
            "fork",
            "Make a run that goes on from a place in RUN. Approvals of RUN count for nothing in it.",
            async (on, parsed, cancellation) =>
            {
                var hasInput = parsed.GetValue(inputText) is not null || parsed.GetValue(inputFile) is not null;
                var request = new ForkRunRequest
                {
                    Name = on.Name("runs", parsed.GetRequiredValue(run)),
                    Live = parsed.GetValue(live),
                    Input = hasInput ? await InputReader.ReadAsync(parsed.GetValue(inputText), parsed.GetValue(inputFile), cancellation) : "",
                    RequestId = parsed.GetValue(requestId) ?? InputReader.NewRequestId(),
                    OnBehalfOf = parsed.GetValue(onBehalfOf) ?? "",
                };
                if (parsed.GetValue(atSeq) is { } seq) request.AtSeq = seq;
                RunCommands.Show(on, await on.Client.Runs.ForkRunAsync(request, cancellationToken: cancellation));
            },
            run, atSeq, live, inputText, inputFile, requestId, onBehalfOf);
    }
}
