using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Forks;

/// <summary>The part of a run that a fork takes over.</summary>
/// <param name="Start">How that run began.</param>
/// <param name="AtSeq">The last record of the part.</param>
/// <param name="HeadHash">SHA-256 of its header.</param>
/// <param name="Records">What is taken over.</param>
/// <param name="OpenStep">The step with an at-most-once call that was begun and whose outcome is not in the part; 0 for none.</param>
/// <param name="Excluded">Who asked for what is taken over, in the runs before that one too.</param>
internal sealed record ForkPrefix(
    RunStarted Start, long AtSeq, byte[] HeadHash, IReadOnlyList<RunRecord> Records, int OpenStep, IReadOnlyList<string> Excluded)
{
    /// <summary>
    /// Whether a record is taken over: what was said, what came of calls, and that outcomes are in doubt. Permissions, attempts, limits, pauses
    /// and ends belong to the run they were given to, and a kind that is not named here is not taken over.
    /// </summary>
    public static bool Takes(RunRecord record) => record is InputReceived or ModelReplied or ToolReturned or ContextSummarized or RunRestored;

    /// <summary>What the fork begins with after its start.</summary>
    public IReadOnlyList<RunRecord> Follow(ForkRun command)
    {
        var follow = new List<RunRecord>(Records.Count + 4)
        {
            new Forked(command.Parent.Value, AtSeq, Convert.ToHexStringLower(HeadHash), command.Live, Records.Count, OpenStep, Excluded),
        };
        follow.AddRange(Records);
        if (follow[^1] is ModelReplied last)
        {
            // Where the other run had answered and was done, this one waits for what it is to do next.
            if (last.Calls.Count == 0) follow[^1] = last with { NeedsPerson = true };
            // A reply that asked for more than is allowed ended the other run, and it ends this one.
            else if (FindLimit(last) is { } limit) return [.. follow, .. limit];
        }

        if (command.Input is { } input) follow.Add(new InputReceived(command.RequestId, command.By.Identity, input));
        return follow;
    }

    private RunRecord[]? FindLimit(ModelReplied last)
    {
        var limits = Start.Limits;
        if (last.Calls.Count > limits.MaxFanOut) return RunLoop.LimitRecords("maxFanOut", last.Calls.Count, limits.MaxFanOut);
        var calls = Records.OfType<ModelReplied>().Sum(static reply => reply.Calls.Count);
        return calls > limits.MaxToolCalls ? RunLoop.LimitRecords("maxToolCalls", calls, limits.MaxToolCalls) : null;
    }
}
