using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Records;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.State;

/// <summary>Turns numbers into the records of a run as a driver could have appended them, whatever the numbers.</summary>
internal sealed class RunSequences
{
    private readonly List<RunRecord> _records = [Started()];
    private readonly List<int> _open = [];
    private int _step;
    private int _inputs;
    private int _asked;
    private bool _paused;

    public static IReadOnlyList<RunRecord> From(IEnumerable<int> choices)
    {
        var sequence = new RunSequences();
        foreach (var choice in choices) sequence.Take(choice);
        return sequence._records;
    }

    private void Take(int choice)
    {
        var detail = choice / 10;
        switch (choice % 10)
        {
            case 0:
                // A few ids only, so that some inputs are sent again.
                _records.Add(new InputReceived($"send-{_inputs++}", "idp|person|alice", $"input {detail}"));
                break;
            case 1 when _paused:
                _records.Add(new RunResumed("olga", "back"));
                _paused = false;
                break;
            case 1:
                _records.Add(new RunPaused("olga", $"lunch {detail}"));
                _paused = true;
                break;
            case 2 when detail == 0 && !_records.OfType<CancelRequested>().Any():
                _records.Add(new CancelRequested("olga", "enough"));
                break;
            case 2 when detail == 1:
                _records.Add(new RunRestored("cluster-1", T0));
                break;
            default:
                if (_open.Count == 0) TakeModel(detail);
                else TakeCall(_open[detail % _open.Count], detail);
                break;
        }
    }

    private void TakeModel(int detail)
    {
        var attempt = detail % 3 + 1;
        if (detail % 7 == 5)
        {
            _records.Add(new AttemptFailed(_step + 1, null, attempt, ErrorCode.Unavailable, "busy", true, T0.AddSeconds(detail)));
        }
        else if (detail % 7 == 6)
        {
            _records.Add(new AttemptLost(_step + 1, null, attempt, "silo-1", "silo-2"));
        }
        else if (detail % 11 == 3)
        {
            _records.Add(new ContextSummarized(_step + 1, attempt, "rules", $"summary {detail}", detail % 4 + 1, 3, 2));
        }
        else
        {
            var calls = Enumerable.Range(0, detail % 4).Select(i => Call($"c{i}")).ToArray();
            _records.Add(Reply(++_step, calls) with { NeedsPerson = calls.Length == 0, Text = $"step {_step}" });
            _open.AddRange(Enumerable.Range(0, calls.Length));
        }
    }

    private void TakeCall(int call, int detail)
    {
        switch (detail % 8)
        {
            case 5:
                _records.Add(new AttemptFailed(_step, call, 1, ErrorCode.Unavailable, "busy", true, T0.AddSeconds(detail)));
                break;
            case 6:
                _records.Add(new ToolStarted(_step, call, 1, "silo-1", T0.AddSeconds(detail), Hash));
                break;
            case 7:
                _records.Add(new ApprovalRequested(
                    $"approval-{_asked++}", detail % 2 == 0 ? ApprovalKind.Call : ApprovalKind.Resolve, _step, call, "search", RiskLevel.WriteHigh, Hash, Hash, Hash, 1, [], T0.AddDays(1)));
                break;
            default:
                _records.Add(Returned(_step, call) with { Result = $"result {detail}" });
                _open.Remove(call);
                break;
        }
    }
}
