using AgentRuntime.Chaos.Kill.Effects;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Kill.Audit;

/// <summary>The recorder's file against the journals: each effect that a journal knows of happened once, and no other did.</summary>
internal sealed class EffectAudit(Dictionary<int, RunJournalView> runs, IReadOnlyList<EffectLine> lines, Findings findings)
{
    public void Run()
    {
        var effects = lines.Where(line => line.IsEffect).CountBy(line => (line.Run, line.Step, line.Call)).ToDictionary();
        var expected = Expected();
        findings.Effects = effects.Values.Sum();
        findings.EffectsExpected = expected.Count;
        foreach (var (call, count) in effects)
        {
            if (count == 1 && IsOpen(call)) continue;
            if (count != (expected.Contains(call) ? 1 : 0)) findings.Break("effects", $"call {call} had {count} effects, journal: {Story(call)}");
        }

        foreach (var call in expected.Where(call => !effects.ContainsKey(call))) findings.Break("effects", $"call {call} had no effect, journal: {Story(call)}");
        foreach (var arrivals in lines.Where(line => !line.IsEffect).GroupBy(line => (line.Run, line.Step, line.Call))) Check(arrivals.Key, [.. arrivals]);
    }

    /// <summary>The calls of which the journals say that they happened.</summary>
    private HashSet<(int Run, int Step, int Call)> Expected()
    {
        var expected = new HashSet<(int, int, int)>();
        foreach (var (number, view) in runs)
        {
            var replies = view.Records.OfType<ModelReplied>().DistinctBy(reply => reply.Step).ToDictionary(reply => reply.Step);
            foreach (var result in view.Records.OfType<ToolReturned>().Where(result => result.Outcome == ToolOutcomeKind.Success))
            {
                var tool = ScriptTool.Of(replies[result.Step].Calls[result.Call].Name);
                if (tool.HasEffect) expected.Add((number, result.Step, result.Call));
            }
        }

        return expected;
    }

    /// <summary>A run that did not end is lost and named as such; what its open call did is no fault of its own.</summary>
    private bool IsOpen((int Run, int Step, int Call) call) =>
        runs.TryGetValue(call.Run, out var view)
        && view.Records[^1] is not RunCompleted
        && !view.Records.OfType<ToolReturned>().Any(result => (result.Step, result.Call) == (call.Step, call.Call));

    private void Check((int Run, int Step, int Call) call, List<EffectLine> arrivals)
    {
        if (arrivals.DistinctBy(line => line.Key).Count() > 1)
            findings.AddDuplicated("two_keys", $"call {call} came with {string.Join(" and ", arrivals.Select(line => line.Key).Distinct())}");
        if (arrivals.DistinctBy(line => line.Digest).Count() > 1) findings.AddDuplicated("two_argument_sets", $"call {call}");
        if (!ScriptTool.Of(arrivals[0].Tool).IsAtMostOnce) return;
        var allowed = 1 + (runs.GetValueOrDefault(call.Run)?.Retries(call.Step, call.Call) ?? 0);
        if (arrivals.Count > allowed)
            findings.AddDuplicated("at_most_once_repeated", $"call {call} came {arrivals.Count} times, {allowed} allowed, journal: {Story(call)}");
    }

    private string Story((int Run, int Step, int Call) call) => runs.TryGetValue(call.Run, out var view)
        ? string.Join(" | ", view.Records.Where(record => Concerns(record, call.Step, call.Call)).Select(record => record.ToString()))
        : "none";

    private static bool Concerns(RunRecord record, int step, int call) => record switch
    {
        ToolStarted started => (started.Step, started.Call) == (step, call),
        ToolReturned returned => (returned.Step, returned.Call) == (step, call),
        AttemptLost lost => (lost.Step, lost.Call) == (step, call),
        AttemptFailed failed => (failed.Step, failed.Call) == (step, call),
        ApprovalRequested asked => (asked.Step, asked.Call) == (step, call),
        ApprovalDecided => true,
        _ => false,
    };
}
