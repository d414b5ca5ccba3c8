using System.Text.Json;
using AgentRuntime.V1;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>What a turn needs to know of a run, folded from its records. Records before <paramref name="begin"/> belong to what was answered before.</summary>
internal sealed class RunReading(string run, TurnBegin begin)
{
    private TurnBegin _begin = begin;
    private bool _isHandedOver;
    private readonly Dictionary<string, OpenApproval> _open = new(StringComparer.Ordinal);
    private JsonElement[] _calls = [];

    /// <summary>The newest record that was read.</summary>
    public RunRecord? Newest { get; private set; }

    /// <summary>What the model said last in this turn.</summary>
    public RunReply? Reply { get; private set; }

    /// <summary>The run's answer; null before it completed.</summary>
    public string? Output { get; private set; }

    public UsageDetails Usage { get; } = new() { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 };

    /// <summary>Whether the newest record is one of this turn.</summary>
    public bool IsNew => Newest?.Seq >= _begin.Seq;

    /// <summary>Whether what comes is of this turn.</summary>
    public bool HasBegun => _begin.Seq is not null;

    public bool WaitsForInput => IsNew && _isHandedOver;

    public bool HasOpenApprovals => _open.Count > 0;

    public IReadOnlyList<AIContent> OpenApprovals => [.. _open.Values.Select(approval => approval.Content)];

    /// <summary>Takes the next record.</summary>
    /// <exception cref="AgentRunException">It ended the run without an answer.</exception>
    public void Take(RunRecord record)
    {
        Newest = record;
        if (record.PayloadJson.Length == 0) return;
        using var document = JsonDocument.Parse(record.PayloadJson);
        var payload = document.RootElement;
        switch (record.Type)
        {
            case "input.received":
                _begin = _begin.Heard(record.Seq, Text(payload, "requestId"));
                _isHandedOver = false;
                break;
            case "model.replied":
                Reply = TakeReply(record.Seq, payload);
                _isHandedOver = Reply.HandsOver;
                break;
            case "approval.requested":
                _open[Text(payload, "approval")] = Asked(payload);
                break;
            case "approval.decided" when _open.TryGetValue(Text(payload, "approval"), out var open) && (--open.Missing == 0 || Text(payload, "verdict") != "Approve"):
                _open.Remove(Text(payload, "approval"));
                break;
            case "approval.expired":
                _open.Remove(Text(payload, "approval"));
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

    private RunReply TakeReply(long seq, JsonElement payload)
    {
        _calls = payload.TryGetProperty("calls", out var calls) ? [.. calls.EnumerateArray().Select(call => call.Clone())] : [];
        if (IsNew)
        {
            Usage.InputTokenCount += Number(payload, "inputTokens");
            Usage.OutputTokenCount += Number(payload, "outputTokens");
            Usage.TotalTokenCount = Usage.InputTokenCount + Usage.OutputTokenCount;
        }

        var handsOver = payload.TryGetProperty("needsPerson", out var needs) && needs.GetBoolean() && _calls.Length == 0;
        return new RunReply(seq, (int)Number(payload, "step"), (int)Number(payload, "attempt"), Text(payload, "text"), Text(payload, "model"), handsOver);
    }

    private OpenApproval Asked(JsonElement payload)
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
        return new OpenApproval(content) { Missing = (int)Number(payload, "requiredPeople") };
    }

    // A record leaves out what is 0.
    private static long Number(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static string Text(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private sealed record OpenApproval(AgentApprovalContent Content)
    {
        public int Missing { get; set; }
    }
}
