using System.Runtime.InteropServices;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.Sessions;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.State;

/// <summary>
/// What the model sees: instructions, what was said before in the conversation, the first input, a summary and pinned inputs of what has left
/// the window, and the last turns. Costs the same to keep and to show at step 10,000 as at step 10.
/// </summary>
internal sealed class ConversationWindow
{
    /// <summary>Characters that the next run of a conversation is given of what was said, the summary aside.</summary>
    public const int MaxSpokenChars = 1024 * 1024;

    private readonly ContextWindow _limits;
    private readonly WindowMeasure _measure;
    private readonly ChatMessage _instructions;
    private readonly ChatMessage _firstInput;
    private readonly List<ChatMessage> _history = [];
    private readonly int _openingTokens;
    private readonly Queue<WindowTurn> _pinned = new();
    private readonly Queue<WindowTurn> _turns = new();
    private readonly List<WindowTurn> _inputsAfterStep = [];
    private WindowTurn? _summary;
    private WindowTurn? _open;
    private int _openCalls;
    private int _turnTokens;

    public ConversationWindow(string instructions, RunStarted start, ContextWindow limits)
    {
        _limits = limits;
        _measure = new WindowMeasure(limits);
        _instructions = new ChatMessage(ChatRole.System, instructions);
        _firstInput = new ChatMessage(ChatRole.User, _measure.Cut(start.Input));
        _openingTokens = _measure.Count(_instructions) + _measure.Count(_firstInput) + AddHistory(start.History ?? []);
    }

    /// <summary>Seq of the oldest turn that is shown; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestSeq => _turns.TryPeek(out var oldest) ? oldest.Seq : _open?.Seq ?? long.MaxValue;

    /// <summary>Seqs of what is shown from before <see cref="OldestSeq"/>: pinned inputs, and the summary unless the turns reach back to it.</summary>
    public IReadOnlyList<long> EarlierSeqs =>
        _summary is { } summary && summary.Seq < OldestSeq ? [summary.Seq, .. _pinned.Select(static turn => turn.Seq)]
        : _pinned.Count > 0 ? [.. _pinned.Select(static turn => turn.Seq)]
        : [];

    /// <summary>Turns that are shown.</summary>
    public int TurnCount => _turns.Count;

    /// <summary>Seq of the summary that is shown; -1 for none.</summary>
    public long SummarySeq => _summary?.Seq ?? -1;

    /// <summary>Whether turns must be summarised before the model can be shown the window.</summary>
    public bool NeedsSummary => _limits.SummaryTokens > 0 && _turns.Count > 1 && IsFull;

    private bool IsFull => _turns.Count > _limits.LastTurns || (_limits.MaxTokens > 0 && StandingTokens + _turnTokens > _limits.MaxTokens);

    /// <summary>Tokens of what is shown besides the turns.</summary>
    private int StandingTokens => _openingTokens + PinnedTokens + (_summary?.Tokens ?? 0);

    private int PinnedTokens => _pinned.Sum(static turn => turn.Tokens);

    /// <summary>The messages for the next model call.</summary>
    public List<ChatMessage> ToMessages()
    {
        var messages = new List<ChatMessage>(3 + _history.Count + _pinned.Count + _turns.Count * 2) { _instructions };
        messages.AddRange(_history);
        messages.Add(_firstInput);
        if (_summary is { } summary) messages.AddRange(summary.Messages);
        foreach (var turn in _pinned) messages.AddRange(turn.Messages);
        foreach (var turn in _turns) messages.AddRange(turn.Messages);
        return messages;
    }

    /// <summary>
    /// What was said, by the history, the first input, the summary and the turns that are shown, oldest first; no more messages than turns are
    /// shown, the summary among them.
    /// </summary>
    public IReadOnlyList<SessionMessage> ToSpoken()
    {
        // A run that was stopped leaves a step open.
        IEnumerable<WindowTurn> turns = _open is null ? _turns : [.. _turns, _open, .. _inputsAfterStep];
        IEnumerable<ChatMessage> said = [.. _history, _firstInput, .. turns.SelectMany(static turn => turn.Messages)];
        var room = MaxSpokenChars;
        List<SessionMessage> summary = _summary is { } told ? [new SessionMessage(Speaker.User, told.Messages[0].Text)] : [];
        return [.. summary, .. said
            .Where(static message => message.Role != ChatRole.Tool && message.Text.Length > 0)
            .Select(static message => new SessionMessage(message.Role == ChatRole.User ? Speaker.User : Speaker.Agent, message.Text))
            .Reverse()
            .Take(_limits.LastTurns - summary.Count)
            .TakeWhile(message => (room -= message.Text.Length) >= 0)
            .Reverse()];
    }

    public void AddInput(InputReceived input, long seq)
    {
        // Results must follow the reply that asked for them, so input given in between comes after.
        if (_open is null) Push(InputTurn(input, seq));
        else _inputsAfterStep.Add(InputTurn(input, seq));
    }

    public void AddReply(ModelReplied reply, long seq)
    {
        var contents = new List<AIContent>(reply.Calls.Count + 1);
        if (reply.Text is { } text) contents.Add(new TextContent(_measure.Cut(text)));
        foreach (var call in reply.Calls) contents.Add(new FunctionCallContent(call.Id, call.Name, ToArguments(call, reply.Calls.Count)));
        var turn = new WindowTurn(seq, [new ChatMessage(ChatRole.Assistant, contents)]);
        if (reply.Calls.Count == 0) Push(turn);
        else (_open, _openCalls) = (turn, reply.Calls.Count);
    }

    public void AddResult(RequestedCall call, ToolReturned returned) =>
        _open?.Messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.Id, _measure.Cut(returned.Result, _openCalls))]));

    /// <summary>All results of the step are in.</summary>
    public void CloseStep()
    {
        if (_open is { } step) Push(step);
        _open = null;
        foreach (var input in _inputsAfterStep) Push(input);
        _inputsAfterStep.Clear();
    }

    /// <summary>What is to be summarised: all but the newest turns that take half of the window.</summary>
    public SummaryRequest ToSummaryRequest()
    {
        var mostTurns = Math.Max(1, _limits.LastTurns / 2);
        var mostTokens = _limits.MaxTokens > 0 ? Math.Max(0, _limits.MaxTokens - StandingTokens) / 2 : int.MaxValue;
        var (kept, tokens) = (0, 0);
        foreach (var turn in _turns.Reverse())
        {
            tokens += turn.Tokens;
            if (kept > 0 && (kept >= mostTurns || tokens > mostTokens)) break;
            kept++;
        }

        return new SummaryRequest(_summary?.Messages[0].Text, [.. _turns.Take(_turns.Count - kept)], _limits.SummaryTokens, SummarySeq);
    }

    public void Summarize(ContextSummarized summary, long seq)
    {
        ShowEarlier(summary, seq);
        while (_turns.Count > Math.Max(1, summary.KeptTurns)) DropOldest();
    }

    /// <summary>Shows a record that stands before the turns: a summary or a pinned input.</summary>
    public void ShowEarlier(RunRecord record, long seq)
    {
        // In the user's name, so that nothing in it gains the weight of instructions.
        if (record is ContextSummarized summary)
            _summary = _measure.Count(new WindowTurn(seq, [new ChatMessage(ChatRole.User, $"[Summary of what happened before]\n{summary.Text}")]));
        else if (record is InputReceived input) _pinned.Enqueue(_measure.Count(InputTurn(input, seq)));
    }

    private WindowTurn InputTurn(InputReceived input, long seq) => new(seq, [new ChatMessage(ChatRole.User, _measure.Cut(input.Text))]);

    private int AddHistory(IReadOnlyList<SessionMessage> history)
    {
        var tokens = 0;
        foreach (var said in history.Reverse())
        {
            var message = new ChatMessage(said.Speaker == Speaker.User ? ChatRole.User : ChatRole.Assistant, _measure.Cut(said.Text));
            tokens += _measure.Count(message);
            if (tokens > _measure.ShareTokens) return tokens - _measure.Count(message);
            _history.Insert(0, message);
        }

        return tokens;
    }

    private void Push(WindowTurn turn)
    {
        turn = _measure.Count(turn);
        _turns.Enqueue(turn);
        _turnTokens += turn.Tokens;
        // Where there is a summary, turns leave with the record that holds it.
        if (_limits.SummaryTokens > 0) return;
        while (_turns.Count > 1 && IsFull) DropOldest();
    }

    private void DropOldest()
    {
        var turn = _turns.Dequeue();
        _turnTokens -= turn.Tokens;
        if (!turn.IsInput || _limits.PinnedInputs == 0) return;
        _pinned.Enqueue(turn);
        while (_pinned.Count > _limits.PinnedInputs || PinnedTokens > _measure.ShareTokens) _pinned.Dequeue();
    }

    private Dictionary<string, object?> ToArguments(RequestedCall call, int among)
    {
        var values = new Dictionary<string, object?>();
        if (call.Arguments is not { ValueKind: JsonValueKind.Object } arguments) return values;
        if (!_measure.Fits(JsonMarshal.GetRawUtf8Value(arguments).Length, among))
        {
            var raw = arguments.GetRawText();
            var shown = _measure.Cut(raw, among);
            if (shown.Length != raw.Length) return new() { ["cut"] = shown };
        }

        foreach (var property in arguments.EnumerateObject()) values[property.Name] = property.Value;
        return values;
    }
}
