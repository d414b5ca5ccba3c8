using AgentRuntime.V1;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>
/// What is passed on of a turn as it comes: the pieces of each attempt, then what its record has beyond them. A message is one attempt of one step.
/// </summary>
internal sealed class TurnUpdates(ChatTurn turn, string author)
{
    private readonly HeardText _heard = new();
    private string? _message;

    /// <summary>Names the run before anything was said.</summary>
    public ChatResponseUpdate Begin() => Update(null, []);

    public IEnumerable<ChatResponseUpdate> Of(WatchRunResponse response, RunReading reading) => OfStale(reading.Stale).Concat(OfNew(response, reading));

    private IEnumerable<ChatResponseUpdate> OfNew(WatchRunResponse response, RunReading reading) => response switch
    {
        { Delta: { } piece } => reading.HasBegun ? OfPiece(piece) : [],
        { DeltasVoided: { } voided } => _heard.IsOf(voided.Step, voided.Attempt) ? Void() : [],
        { Record.Type: "model.replied" } when reading is { IsNew: true, Reply: { } reply } && reply.Seq == response.Record.Seq => OfReply(reply),
        _ => [],
    };

    public ChatResponseUpdate End(RunReading reading, ChatFinishReason reason)
    {
        List<AIContent> contents = reason == AgentFinishReasons.WaitingForApproval ? [.. reading.OpenApprovals] : [];
        contents.Add(new UsageContent(reading.Usage));
        var last = Update(_message, contents);
        (last.FinishReason, last.ModelId, last.CreatedAt) = (reason, (reading.Answer ?? reading.Reply)?.Model, reading.Newest?.Time.ToDateTimeOffset());
        if (reason == AgentFinishReasons.WaitingForApproval) ReadMark.Of(turn, reading).PutOn(last);
        return last;
    }

    private IEnumerable<ChatResponseUpdate> OfStale(RunReply? reply)
    {
        if (reply is null or { Text: "" }) yield break;
        yield return Update(MessageOf(reply.Step, reply.Attempt), [new VoidedMessageContent()]);
        _message = $"{turn.Run}/end";
    }

    private IEnumerable<ChatResponseUpdate> OfPiece(Delta piece)
    {
        if (!_heard.IsOf(piece.Step, piece.Attempt))
        {
            foreach (var update in Void()) yield return update;
        }

        if (_heard.Take(piece) is { Length: > 0 } text) yield return Say(piece.Step, piece.Attempt, text);
    }

    private IEnumerable<ChatResponseUpdate> OfReply(RunReply reply)
    {
        var rest = _heard.RestOf(reply);
        if (rest is null)
        {
            foreach (var update in Void()) yield return update;
            rest = reply.Text;
        }

        _heard.Clear();
        if (rest.Length > 0) yield return Say(reply.Step, reply.Attempt, rest);
    }

    private IEnumerable<ChatResponseUpdate> Void()
    {
        if (!_heard.IsEmpty)
        {
            yield return Update(_message, [new VoidedMessageContent()]);

            // What is not said in another message is not void.
            _message = $"{turn.Run}/end";
        }

        _heard.Clear();
    }

    private ChatResponseUpdate Say(int step, int attempt, string text) =>
        Update(_message = MessageOf(step, attempt), [new TextContent(text)]);

    private string MessageOf(int step, int attempt) => $"{turn.Run}/steps/{step}/attempts/{attempt}";

    private ChatResponseUpdate Update(string? message, IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        AuthorName = author,
        ConversationId = turn.Session,
        ResponseId = turn.Run,
        MessageId = message,
    };
}
