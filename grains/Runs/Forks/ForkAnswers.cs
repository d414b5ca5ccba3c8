using AgentRuntime.Common;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Forks;

/// <summary>
/// What stands for a call in a fork that is not live: the record of the run it was forked from, if that run made the same call with the same
/// arguments in the same step. A call whose outcome is not among its records is not made.
/// </summary>
internal sealed class ForkAnswers(JournalAccess access, RunKey fork)
{
    private const int RecordsPerRead = 256;
    private const int BytesPerRead = 4 * 1024 * 1024;

    // Steps come in the order of the parent's journal, so that each look goes on where the one before found its step.
    private int _step;
    private long _stepSeq;

    /// <summary>The answer to a call; null when the call is to be made.</summary>
    public async ValueTask<ToolReturned?> FindAsync(Forked origin, int step, int index, RequestedCall call, PreparedTool? tool)
    {
        if (origin.Live || call.Arguments is null || tool is null || OnlyReads(tool.Version.Contract)) return null;
        var known = await FindAsync(new RunKey(fork.Tenant, RunId.Parse(origin.Parent)), step, index, call);
        return known is null
            ? new ToolReturned(
                step,
                index,
                0,
                ToolOutcomeKind.NotMade,
                $"The call was not made: this run is a fork that is not live, and run {origin.Parent} has no outcome of this very call.")
            : known with { Attempt = 0, FromRun = known.FromRun ?? origin.Parent };
    }

    private static bool OnlyReads(ToolContract contract) => contract is { Risk: RiskLevel.Read, Effect: EffectClass.Read };

    private async Task<ToolReturned?> FindAsync(RunKey parent, int step, int index, RequestedCall call)
    {
        var seq = step >= _step ? _stepSeq : 0;
        var isSame = false;
        while (true)
        {
            var entries = await access.Journal.ReadAsync(parent, seq, RecordsPerRead, BytesPerRead, CancellationToken.None);
            if (entries.Count == 0) return null;
            foreach (var entry in entries)
            {
                switch ((await access.Reader.ReadAsync(entry, CancellationToken.None)).Record)
                {
                    case ModelReplied reply when reply.Step == step:
                        (_step, _stepSeq) = (step, entry.Seq);
                        isSame = index < reply.Calls.Count && IsSame(reply.Calls[index], call);
                        if (!isSame) return null;
                        break;
                    case ModelReplied reply when reply.Step > step:
                        return null;
                    case ToolReturned returned when isSame && returned.Step == step && returned.Call == index:
                        return returned;
                }
            }

            seq = entries[^1].Seq + 1;
        }
    }

    private static bool IsSame(RequestedCall theirs, RequestedCall ours) =>
        theirs.Name == ours.Name && theirs.Arguments is not null && CallArguments.Hash(theirs.Arguments) == CallArguments.Hash(ours.Arguments);
}
