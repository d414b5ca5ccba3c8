using System.Collections.Concurrent;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models.Recordings;

/// <summary>
/// Answers from a recording and reaches no model. A request that was made several times is answered in the recorded order, and then in
/// that order again: so is a run that is replayed once more.
/// </summary>
internal sealed class ReplayChatClient : IChatClient
{
    private readonly string _model;
    private readonly string _fileName;
    private readonly Recording _recording;
    private readonly Dictionary<string, RecordedExchange[]> _byRequest;
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);

    public ReplayChatClient(string model, string fileName, Recording recording)
    {
        (_model, _fileName, _recording) = (model, fileName, recording);
        _byRequest = recording.Exchanges.GroupBy(static exchange => exchange.Hash, StringComparer.Ordinal)
            .ToDictionary(static same => same.Key, static same => same.ToArray(), StringComparer.Ordinal);
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Play(Find(RecordedRequest.Of(messages, options))).ToAsyncEnumerable();

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static IEnumerable<ChatResponseUpdate> Play(RecordedExchange exchange)
    {
        foreach (var update in exchange.Updates) yield return update;
        if (exchange.Failure is { } failure) throw failure.ToException();
    }

    private RecordedExchange Find(RecordedRequest request)
    {
        if (!_byRequest.TryGetValue(request.Hash, out var exchanges))
            throw new AgentRuntimeException(
                ErrorCode.ModelFailed, $"model {_model}: {_fileName} has no answer to this request. {RecordingDifference.Describe(_recording, request)} Record the run again.");
        var times = _asked.AddOrUpdate(request.Hash, 1, static (_, before) => before + 1);
        return exchanges[(times - 1) % exchanges.Length];
    }
}
