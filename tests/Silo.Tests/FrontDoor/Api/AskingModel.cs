using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>
/// Input <c>pay</c> calls the tool of that name, <c>pay twice</c> does so twice at once, <c>recite</c> and <c>stumble</c> are said in pieces, each when the listener asks for it, and
/// anything else is answered at once.
/// </summary>
internal sealed class AskingModel : IChatClient
{
    /// <summary>What is said in pieces.</summary>
    public static readonly IReadOnlyList<string> Pieces = ["Two ", "roads ", "diverged ", "in ", "a ", "yellow ", "wood"];

    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Listeners = new();

    /// <summary>Who stumbled once goes on.</summary>
    private static readonly ConcurrentDictionary<string, bool> Stumbled = new();

    /// <summary>Lets the model say one piece more in the run of this input.</summary>
    public static void Ask(string input) => Listener(input).Release();

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var last = messages.Last();
        if (last.Role == ChatRole.Tool) return Answer("paid");
        return last.Text switch
        {
            "pay" => Pay("c1"),
            "pay twice" => Pay("c1", "c2"),
            _ => Answer($"you said {last.Text}"),
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var last = messages.Last().Text;
        if (last.StartsWith("recite", StringComparison.Ordinal) || last.StartsWith("stumble", StringComparison.Ordinal))
        {
            foreach (var piece in Pieces)
            {
                await Listener(last).WaitAsync(cancellationToken);
                yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
                if (piece == "diverged " && last.StartsWith("stumble", StringComparison.Ordinal) && Stumbled.TryAdd(last, true))
                    throw new AgentRuntimeException(ErrorCode.Unavailable, "model asking: lost the thread.", isTransient: true);
            }

            yield break;
        }

        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static SemaphoreSlim Listener(string input) => Listeners.GetOrAdd(input, static _ => new SemaphoreSlim(0));

    private static Task<ChatResponse> Pay(params string[] calls) => Task.FromResult(new ChatResponse(new ChatMessage(
        ChatRole.Assistant, [.. calls.Select(static call => new FunctionCallContent(call, "pay", new Dictionary<string, object?> { ["cents"] = 700 }))])));

    private static Task<ChatResponse> Answer(string text) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, text)));
}
