using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Forks;

/// <summary>The part of a run that a fork takes over.</summary>
/// <param name="Start">How that run began.</param>
/// <param name="AtSeq">The last record of the part.</param>
/// <param name="HeadHash">SHA-256 of its header.</param>
/// <param name="Records">What is taken over.</param>
internal sealed record ForkPrefix(RunStarted Start, long AtSeq, byte[] HeadHash, IReadOnlyList<RunRecord> Records)
{
    /// <summary>
    /// Whether a record is taken over: what was said and what came of calls. Permissions, attempts, limits, pauses and ends belong to the run
    /// they were given to, and a kind that is not named here is not taken over.
    /// </summary>
    public static bool Takes(RunRecord record) => record is InputReceived or ModelReplied or ToolReturned or ContextSummarized;

    /// <summary>What the fork begins with after its start.</summary>
    public IReadOnlyList<RunRecord> Follow(ForkRun command)
    {
        var follow = new List<RunRecord>(Records.Count + 2)
        {
            new Forked(command.Parent.Value, AtSeq, Convert.ToHexStringLower(HeadHash), command.Live, Records.Count),
        };
        follow.AddRange(Records);
        // Where the other run had answered and was done, this one waits for what it is to do next.
        if (follow[^1] is ModelReplied { Calls.Count: 0 } answer) follow[^1] = answer with { NeedsPerson = true };
        if (command.Input is { } input) follow.Add(new InputReceived(command.RequestId, command.By.Identity, input));
        return follow;
    }
}
