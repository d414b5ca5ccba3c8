using System.Text;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models;

/// <summary>A model's answer, put together from its stream.</summary>
internal sealed class StreamedReply
{
    private string? _text;
    private StringBuilder? _longer;
    private int _chars;

    /// <summary>What the model said; null for nothing.</summary>
    public string? Text => _longer?.ToString() ?? _text;

    public List<FunctionCallContent> Calls { get; } = [];

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    public ChatFinishReason? FinishReason { get; private set; }

    /// <summary>Reads to the end, or until there is more text than <paramref name="maxChars"/>: the rest is of no use to who refuses it.</summary>
    /// <param name="updates">The answer as it comes.</param>
    /// <param name="maxChars">Where reading stops.</param>
    /// <param name="onText">Hears each piece of text at once, and nothing after <paramref name="cancellation"/> was asked for. Null for nobody.</param>
    /// <param name="cancellation">Ends the reading with the next piece, whatever the model does.</param>
    public static async Task<StreamedReply> ReadAsync(
        IAsyncEnumerable<ChatResponseUpdate> updates, int maxChars, Action<string>? onText, CancellationToken cancellation)
    {
        var reply = new StreamedReply();
        await foreach (var update in updates)
        {
            cancellation.ThrowIfCancellationRequested();
            reply.Add(update, onText);
            if (reply._chars > maxChars) break;
        }

        return reply;
    }

    private void Add(ChatResponseUpdate update, Action<string>? onText)
    {
        FinishReason = update.FinishReason ?? FinishReason;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text: { Length: > 0 } text }:
                    Append(text);
                    onText?.Invoke(text);
                    break;
                case FunctionCallContent call:
                    Calls.Add(call);
                    break;
                case UsageContent { Details: var usage }:
                    InputTokens += Math.Max(0, usage.InputTokenCount ?? 0);
                    OutputTokens += Math.Max(0, usage.OutputTokenCount ?? 0);
                    break;
                default:
                    break;
            }
        }
    }

    private void Append(string text)
    {
        _chars += text.Length;
        if (_text is null) _text = text;
        else (_longer ??= new StringBuilder(_text)).Append(text);
    }
}
