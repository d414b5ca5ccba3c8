using System.Runtime.CompilerServices;
using AgentRuntime.V1;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>An agent as a chat client: a session is a conversation, and each call takes one turn of it.</summary>
internal sealed class AgentChatClient(AgentRuntimeClient client, string agent, AgentChatOptions settings) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("agentruntime", providerUri: null, ResourceNames.IdOf(agent));

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var turn = await BeginAsync(messages, options, cancellationToken);
        var reading = new RunReading(turn.Run, turn.Begin);
        ChatFinishReason? finish = null;
        await foreach (var record in client.WatchRunAsync(turn.Run, afterSeq: null, cancellationToken))
        {
            reading.Take(record);
            if ((finish = await FinishAsync(turn, reading, cancellationToken)) is not null) break;
        }

        var reply = reading.Answer ?? reading.Reply;
        var answer = new ChatMessage(ChatRole.Assistant, reading.Output ?? reply?.Text ?? "") { AuthorName = _metadata.DefaultModelId };
        if (finish == AgentFinishReasons.WaitingForApproval) foreach (var approval in reading.OpenApprovals) answer.Contents.Add(approval);
        var response = new ChatResponse(answer)
        {
            ConversationId = turn.Session,
            ResponseId = turn.Run,
            ModelId = reply?.Model,
            CreatedAt = reading.Newest?.Time.ToDateTimeOffset(),
            FinishReason = finish ?? ChatFinishReason.Stop,
            Usage = reading.Usage,
        };
        if (finish == AgentFinishReasons.WaitingForApproval) ReadMark.Of(turn, reading).PutOn(response);
        return response;
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var turn = await BeginAsync(messages, options, cancellationToken);
        var reading = new RunReading(turn.Run, turn.Begin);
        var saying = new TurnUpdates(turn, _metadata.DefaultModelId!);
        yield return saying.Begin();
        ChatFinishReason? finish = null;
        await foreach (var response in client.WatchRunWithDeltasAsync(turn.Run, afterSeq: null, cancellationToken))
        {
            reading.Take(response);
            if (reading.Answer is not null) break;
            foreach (var update in saying.Of(response, reading)) yield return update;
            if (response.EventCase != WatchRunResponse.EventOneofCase.Record) continue;
            if ((finish = await FinishAsync(turn, reading, cancellationToken)) is not null) break;
        }

        yield return saying.End(reading, finish ?? ChatFinishReason.Stop);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return _metadata;
        if (serviceType == typeof(AgentRuntimeClient)) return client;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    private Task<ChatTurn> BeginAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellation) =>
        ChatTurn.BeginAsync(client, agent, settings.AgentVersion, UserTurn.Of(messages, options, agent), cancellation);

    /// <summary>Why the turn returns after the newest record; null when it goes on, or ends with the run.</summary>
    private async Task<ChatFinishReason?> FinishAsync(ChatTurn turn, RunReading reading, CancellationToken cancellation)
    {
        if (reading.Answer is not null) return ChatFinishReason.Stop;
        if (reading.WaitsForInput) return AgentFinishReasons.WaitingForInput;
        if (settings.WaitsForApprovals || !reading.AsksAnew) return null;

        // Other calls of the same step may still be under way.
        var now = await client.GetRunAsync(turn.Run, cancellation);
        return now.State == RunState.WaitingForApproval && now.LastSeq == reading.Newest!.Seq ? AgentFinishReasons.WaitingForApproval : null;
    }
}
