using System.Text.Json;
using AgentRuntime.V1;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>What a turn needs to know of a run, folded from its records. Records before <paramref name="begin"/> belong to what was answered before.</summary>
internal sealed class RunReading(string run, TurnBegin begin)
{
    private TurnBegin _begin = begin;
    private bool _isHandedOver;
    private bool _isShown;
    private bool _isShownToReply;
    private bool _mayBeStale;
    private int _step;
    private long? _lastDecision;
    private readonly Dictionary<string, OpenApproval> _open = new(StringComparer.Ordinal);
    private JsonElement[] _calls = [];

    /// <summary>The newest record that was read.</summary>
    public RunRecord? Newest { get; private set; }

    /// <summary>What the model said last in this turn.</summary>
    public RunReply? Reply { get; private set; }

    /// <summary>What answers the turn although the run goes on, with what somebody else has said meanwhile.</summary>
    public RunReply? Answer { get; private set; }

    /// <summary>The reply of which has just become known that it answers only what was said before the turn.</summary>
    public RunReply? Stale { get; private set; }

    /// <summary>The run's answer; null before it completed.</summary>
    public string? Output { get; private set; }

    public UsageDetails Usage { get; } = new() { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 };

    /// <summary>Whether the newest record is one of this turn.</summary>
    public bool IsNew => Newest?.Seq >= _begin.Seq;

    /// <summary>Whether what comes is of this turn.</summary>
    public bool HasBegun => _begin.Seq is not null;

    public bool WaitsForInput => IsNew && _isHandedOver;

    /// <summary>Whether there are approvals to decide that whoever waits for the turn may not know of.</summary>
    public bool AsksAnew => _open.Count > 0
        && (IsNew || (_begin.IsGuess && Newest?.Seq == _begin.Seq - 1 && _open.Values.Any(approval => approval.Seq > _lastDecision)));

    public IReadOnlyList<AIContent> OpenApprovals => [.. _open.Values.Select(approval => approval.Content)];

    /// <summary>Takes what comes next of a watch.</summary>
    /// <exception cref="AgentRunException">It ended the run without an answer.</exception>
    public void Take(WatchRunResponse response)
    {
        Stale = null;
        if (response.Record is { } record) Take(record);
        if (response.Delta?.Step > _step) GoOn();
    }

    /// <summary>Takes the next record.</summary>
    /// <exception cref="AgentRunException">It ended the run without an answer.</exception>
    public void Take(RunRecord record)
    {
        Newest = record;
        Stale = null;
        if (record.Type is not ("run.completed" or "run.failed" or "run.cancelled")) GoOn();
        if (record.Type == "model.replied") _isShownToReply = IsNew && _isShown;

        // These come also while the model answers; every other record begins its next call, or follows it.
        if (record.Type is not ("input.received" or "run.paused" or "run.resumed")) _isShown = true;
        if (record.PayloadJson.Length == 0) return;
        using var document = JsonDocument.Parse(record.PayloadJson);
        var payload = document.RootElement;
        switch (record.Type)
        {
            case "input.received":
                Hear(record.Seq, Text(payload, "requestId"));
                break;
            case "model.replied":
                TakeReply(record.Seq, payload);
                break;
            case "approval.requested":
                _open[Text(payload, "approval")] = Asked(record.Seq, payload);
                break;
            case "approval.decided" when _open.TryGetValue(Text(payload, "approval"), out var open) && (--open.Missing == 0 || Text(payload, "verdict") != "Approve"):
            case "approval.expired":
                _open.Remove(Text(payload, "approval"));
                _lastDecision = record.Seq;
                break;
            case "run.completed":
                Output = Text(payload, "output");
                break;
            case "run.failed":
                throw new AgentRunException(run, RunState.Failed, Text(payload, "code"), $"run {run} failed: {Text(payload, "message")}");
            case "run.cancelled":
                throw new AgentRunException(run, RunState.Cancelled, "", $"run {run} was cancelled: {Text(payload, "reason")}");
        }
    }

    private void Hear(long seq, string requestId)
    {
        var isOfAnother = _begin.Seq < seq;
        _begin = _begin.Heard(seq, requestId);

        // A run that waited calls the model with it; one that works may be calling the model already, without it.
        if (!isOfAnother) _isShown = _isHandedOver;
        _isHandedOver = false;
    }

    /// <summary>The run did not complete with what the model said last.</summary>
    private void GoOn()
    {
        if (!_mayBeStale) return;
        _mayBeStale = false;
        if (_isShownToReply) Answer ??= Reply;
        else (Stale, Reply) = (Reply, null);
    }

    private void TakeReply(long seq, JsonElement payload)
    {
        _calls = payload.TryGetProperty("calls", out var calls) ? [.. calls.EnumerateArray().Select(call => call.Clone())] : [];
        if (IsNew && Answer is null)
        {
            Usage.InputTokenCount += Number(payload, "inputTokens");
            Usage.OutputTokenCount += Number(payload, "outputTokens");
            Usage.TotalTokenCount = Usage.InputTokenCount + Usage.OutputTokenCount;
        }

        var handsOver = payload.TryGetProperty("needsPerson", out var needs) && needs.GetBoolean() && _calls.Length == 0;
        (_isHandedOver, _mayBeStale, _step) = (handsOver, !handsOver && _calls.Length == 0, (int)Number(payload, "step"));
        if (IsNew) Reply = new RunReply(seq, _step, (int)Number(payload, "attempt"), Text(payload, "text"), Text(payload, "model"));
    }

    private OpenApproval Asked(long seq, JsonElement payload)
    {
        var call = (int)Number(payload, "call");
        var arguments = call < _calls.Length && _calls[call].TryGetProperty("arguments", out var json) ? json.GetRawText() : "";
        var content = new AgentApprovalContent
        {
            Approval = $"{ResourceNames.ParentOf(run)}/approvals/{Text(payload, "approval")}",
            Tool = Text(payload, "tool"),
            Risk = Text(payload, "risk"),
            AsksForOutcome = Text(payload, "kind") == "Resolve",
            ArgumentsJson = arguments,
            ExpiresAt = payload.GetProperty("expiresAt").GetDateTimeOffset(),
        };
        return new OpenApproval(seq, content) { Missing = (int)Number(payload, "requiredPeople") };
    }

    // A record leaves out what is 0.
    private static long Number(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static string Text(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private sealed record OpenApproval(long Seq, AgentApprovalContent Content)
    {
        public int Missing { get; set; }
    }
}
