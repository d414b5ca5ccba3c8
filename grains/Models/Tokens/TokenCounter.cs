using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;

namespace AgentRuntime.Models.Tokens;

/// <summary>
/// Counts tokens as OpenAI's encoding o200k_base does. For models with another encoding it is an estimate: for English some percent off, for
/// other scripts up to half; whoever sets a limit by it leaves room.
/// </summary>
internal static class TokenCounter
{
    /// <summary>What a message costs besides its content, as OpenAI's cookbook counts it.</summary>
    public const int MessageTokens = 4;

    /// <summary>The encoding's cost grows faster than a word without end, so that long texts are counted in pieces; each may count one token too many.</summary>
    private const int PieceChars = 512;

    private static readonly Lazy<TiktokenTokenizer> Encoding = new(static () => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    public static int Count(ChatMessage message)
    {
        var tokens = MessageTokens;
        foreach (var content in message.Contents) tokens += Count(content);
        return tokens;
    }

    public static int Count(AIContent content) => content switch
    {
        TextContent text => Count(text.Text),
        FunctionResultContent result => Count(result.CallId) + Count(Text(result.Result)),
        FunctionCallContent call => Count(call),
        _ => 0,
    };

    public static int Count(string text) => Count(text.AsSpan());

    /// <summary>The beginning of a text that has at most <paramref name="maxTokens"/> tokens.</summary>
    public static string Cut(string text, int maxTokens)
    {
        var kept = 0;
        while (kept < text.Length && maxTokens > 0)
        {
            var piece = text.AsSpan(kept, Math.Min(PieceChars, text.Length - kept));
            var chars = Encoding.Value.GetIndexByTokenCount(piece, maxTokens, out _, out var tokens);
            kept += chars;
            if (chars < piece.Length) break;
            maxTokens -= tokens;
        }

        return kept == text.Length ? text : text[..kept];
    }

    private static int Count(FunctionCallContent call)
    {
        var tokens = Count(call.CallId) + Count(call.Name);
        if (call.Arguments is not { } arguments) return tokens;
        foreach (var (name, value) in arguments) tokens += Count(name) + Count(Text(value)) + 2;
        return tokens;
    }

    private static string Text(object? value) => value switch
    {
        string text => text,
        JsonElement { ValueKind: not JsonValueKind.Undefined } element => element.GetRawText(),
        null => "null",
        var other => other.ToString() ?? "",
    };

    private static int Count(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        for (; text.Length > PieceChars; text = text[PieceChars..]) tokens += Encoding.Value.CountTokens(text[..PieceChars]);
        return text.IsEmpty ? tokens : tokens + Encoding.Value.CountTokens(text);
    }
}
