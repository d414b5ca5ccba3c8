using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Kill.Audit;

/// <summary>One run's journal against its script: each step once, with the arguments that follow from the results before it.</summary>
internal sealed class RunAudit(RunScript script, RunJournalView view, Findings findings)
{
    public void Run()
    {
        CheckChain();
        CheckCounts();
        CheckSteps();
    }

    private void CheckChain()
    {
        if (RunChain.FindFault(view.Row.Key, view.Entries, view.Row.HeadHash) is { } fault) findings.AddLost("chain", $"run {script.Run}: {fault}");
    }

    private void CheckCounts()
    {
        foreach (var step in view.Records.OfType<ModelReplied>().GroupBy(reply => reply.Step).Where(group => group.Count() > 1))
            findings.AddDuplicated("step_twice", $"run {script.Run}: step {step.Key} was begun {step.Count()} times");
        foreach (var call in view.Records.OfType<ToolReturned>().GroupBy(result => (result.Step, result.Call)).Where(group => group.Count() > 1))
            findings.AddDuplicated("step_twice", $"run {script.Run}: call {call.Key} has {call.Count()} results");
        var end = view.Records.ToList().FindIndex(record => record is RunCompleted or RunFailed or RunCancelled);
        if (end >= 0 && end < view.Records.Count - 1)
            findings.AddDuplicated("step_twice", $"run {script.Run}: goes on after its end with {view.Records[end + 1].GetType().Name}");
    }

    /// <summary>Follows the conversation: what the model was shown must have been all that happened.</summary>
    private void CheckSteps()
    {
        var link = RunScript.FirstLink;
        var replies = view.Records.OfType<ModelReplied>().DistinctBy(reply => reply.Step).OrderBy(reply => reply.Step).ToList();
        var results = view.Records.OfType<ToolReturned>().DistinctBy(result => (result.Step, result.Call)).ToDictionary(result => (result.Step, result.Call));
        foreach (var (index, reply) in replies.Index())
        {
            findings.Steps++;
            var step = index + 1;
            var expected = step <= script.Steps ? script.CallsOf(step, link) : [];
            var isExpected = reply.Step == step && reply.Calls.Select(call => ScriptCall.Parse(call.Arguments!.Value)).SequenceEqual(expected);
            if (!isExpected)
            {
                findings.AddLost("diverged", $"run {script.Run}: step {step} is not what follows from the steps before it");
                return;
            }

            if (step > script.Steps || !expected.All(call => results.ContainsKey((step, call.Call)))) break;
            foreach (var call in expected) CheckResult(call, results[(step, call.Call)]);
            link = RunScript.NextLink(link, expected.Select(call => results[(step, call.Call)].Result));
        }

        if (view.Records.OfType<RunCompleted>().FirstOrDefault() is { } end && end.Output != link)
            findings.AddLost("output", $"run {script.Run}: ended with another answer than its results give");
    }

    private void CheckResult(ScriptCall call, ToolReturned result)
    {
        if (result.Outcome == ToolOutcomeKind.Success && result.Result != call.Answer)
            findings.AddLost("output", $"run {script.Run}: call {call.Step}/{call.Call} has another result than the tool gave: {result.Result}");
        if (result.Outcome == ToolOutcomeKind.NotMade)
            findings.AddLost("output", $"run {script.Run}: call {call.Step}/{call.Call} was not made: {result.Result}");
    }
}
