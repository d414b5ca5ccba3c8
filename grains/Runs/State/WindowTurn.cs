using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.State;

/// <summary>One input, one reply with its results, or a summary, as the model sees it.</summary>
/// <param name="Seq">Where it begins in the journal.</param>
/// <param name="Messages">Its messages.</param>
internal sealed record WindowTurn(long Seq, List<ChatMessage> Messages)
{
    /// <summary>Counted when the turn is whole; 0 where the window does not count.</summary>
    public int Tokens { get; init; }

    public bool IsInput => Messages[0].Role == ChatRole.User;
}
