using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.Sessions;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.State;

/// <summary>
/// What the model sees: instructions, what was said before in the conversation, the first input, and the last turns. Costs the same to keep and to show at step 10,000 as at step 10.
/// </summary>
internal sealed class ConversationWindow(string instructions, RunStarted start, ContextWindow limits)
{
    private readonly ChatMessage _instructions = new(ChatRole.System, instructions);
    private readonly ChatMessage _firstInput = new(ChatRole.User, Cut(start.Input, limits.MaxMessageChars));
    private readonly IReadOnlyList<ChatMessage> _history = [.. (start.History ?? []).Select(ToMessage)];
    private readonly Queue<Turn> _turns = new();
    private readonly List<Turn> _inputsAfterStep = [];
    private Turn? _open;

    /// <summary>Seq of the oldest record that is shown; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestSeq => _turns.TryPeek(out var oldest) ? oldest.Seq : _open?.Seq ?? long.MaxValue;

    /// <summary>The messages for the next model call.</summary>
    public List<ChatMessage> ToMessages()
    {
        var messages = new List<ChatMessage>(2 + _history.Count + _turns.Count * 2) { _instructions };
        messages.AddRange(_history);
        messages.Add(_firstInput);
        foreach (var turn in _turns) messages.AddRange(turn.Messages);
        return messages;
    }

    /// <summary>What was said, by the history, the first input and the turns that are shown, oldest first; no more messages than turns are shown.</summary>
    public IReadOnlyList<SessionMessage> ToSpoken()
    {
        IEnumerable<ChatMessage> said = [.. _history, _firstInput, .. _turns.SelectMany(static turn => turn.Messages)];
        return [.. said
            .Where(static message => message.Role != ChatRole.Tool && message.Text.Length > 0)
            .Select(static message => new SessionMessage(message.Role == ChatRole.User ? Speaker.User : Speaker.Agent, message.Text))
            .TakeLast(limits.LastTurns)];
    }

    public void AddInput(InputReceived input, long seq)
    {
        var turn = new Turn(seq, [new ChatMessage(ChatRole.User, Cut(input.Text, limits.MaxMessageChars))]);
        // Results must follow the reply that asked for them, so input given in between comes after.
        if (_open is null) Push(turn);
        else _inputsAfterStep.Add(turn);
    }

    public void AddReply(ModelReplied reply, long seq)
    {
        var contents = new List<AIContent>(reply.Calls.Count + 1);
        if (reply.Text is { } text) contents.Add(new TextContent(Cut(text, limits.MaxMessageChars)));
        foreach (var call in reply.Calls) contents.Add(new FunctionCallContent(call.Id, call.Name, ToArguments(call)));
        var turn = new Turn(seq, [new ChatMessage(ChatRole.Assistant, contents)]);
        if (reply.Calls.Count == 0) Push(turn);
        else _open = turn;
    }

    public void AddResult(RequestedCall call, ToolReturned returned, long seq)
    {
        _ = seq;
        _open?.Messages.Add(new ChatMessage(
            ChatRole.Tool, [new FunctionResultContent(call.Id, Cut(returned.Result, limits.MaxMessageChars))]));
    }

    /// <summary>All results of the step are in.</summary>
    public void CloseStep()
    {
        if (_open is { } step) Push(step);
        _open = null;
        foreach (var input in _inputsAfterStep) Push(input);
        _inputsAfterStep.Clear();
    }

    private static ChatMessage ToMessage(SessionMessage said) =>
        new(said.Speaker == Speaker.User ? ChatRole.User : ChatRole.Assistant, said.Text);

    private void Push(Turn turn)
    {
        _turns.Enqueue(turn);
        if (_turns.Count > limits.LastTurns) _turns.Dequeue();
    }

    private static Dictionary<string, object?>? ToArguments(RequestedCall call)
    {
        if (call.Arguments is not { ValueKind: JsonValueKind.Object } arguments) return null;
        var values = new Dictionary<string, object?>();
        foreach (var property in arguments.EnumerateObject()) values[property.Name] = property.Value;
        return values;
    }

    private static string Cut(string text, int maxChars) =>
        text.Length <= maxChars ? text : $"{text.AsSpan(0, maxChars)}\n[cut: {text.Length - maxChars} more characters]";

    private sealed record Turn(long Seq, List<ChatMessage> Messages);
}
