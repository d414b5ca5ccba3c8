using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>How far a turn was read that has not ended.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Seq">The last record that was read.</param>
internal sealed record ReadMark(string Run, long Seq)
{
    public static ReadMark Of(ChatTurn turn, RunReading reading) => new(turn.Run, reading.Newest!.Seq);

#pragma warning disable MEAI001 // The abstraction's only place for it.
    /// <exception cref="ArgumentException">The token is not one of these.</exception>
    public static ReadMark? From(ChatOptions? options)
    {
        if (options?.ContinuationToken is not { } token) return null;
        var parts = Encoding.UTF8.GetString(token.ToBytes().Span).Split(' ');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? new ReadMark(parts[1], seq)
            : throw new ArgumentException("ChatOptions.ContinuationToken is not one of an agent; take it from the response of the call before.", nameof(options));
    }

    public void PutOn(ChatResponse response) => response.ContinuationToken = Token();

    public void PutOn(ChatResponseUpdate update) => update.ContinuationToken = Token();

    private ResponseContinuationToken Token() => ResponseContinuationToken.FromBytes(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seq} {Run}")));
#pragma warning restore MEAI001
}
