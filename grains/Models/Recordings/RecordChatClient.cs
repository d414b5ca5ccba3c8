using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models.Recordings;

/// <summary>
/// Writes down what another model is asked and how it answers, piece by piece, failures included. A call that its caller ends is not written:
/// nobody knows what the answer would have been.
/// </summary>
internal sealed class RecordChatClient(string model, IChatClient inner, RecordingFile file) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var window = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var request = RecordedRequest.Of(window, options);
        var heard = new List<ChatResponseUpdate>();
        var isWritten = false;
        await using var updates = inner.GetStreamingResponseAsync(window, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                var (update, failure) = await NextAsync(updates, cancellationToken);
                if (update is null)
                {
                    isWritten = true;
                    await WriteAsync(request, heard, failure);
                    if (failure is not null) throw failure.ToException();
                    yield break;
                }

                heard.Add(update);
                yield return update;
            }
        }
        finally
        {
            // Whoever stops listening has heard enough, and will again.
            if (!isWritten && !cancellationToken.IsCancellationRequested) await WriteAsync(request, heard, failure: null);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : inner.GetService(serviceType, serviceKey);

    /// <summary>The other model has a name of its own, and its registry disposes it.</summary>
    public void Dispose() => file.Dispose();

    private async ValueTask<(ChatResponseUpdate? Update, RecordedFailure? Failure)> NextAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellation)
    {
        try
        {
            return (await updates.MoveNextAsync() ? updates.Current : null, null);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            return (null, RecordedFailure.Of(failure, model));
        }
    }

    private Task WriteAsync(RecordedRequest request, List<ChatResponseUpdate> heard, RecordedFailure? failure) => file.WriteAsync(
        request, new RecordedExchange([.. request.Messages.Select(static part => part.Id)], request.Tools.Id, request.Options, heard, failure));
}
