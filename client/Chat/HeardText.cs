using System.Text;
using AgentRuntime.V1;

namespace AgentRuntime.Client.Chat;

/// <summary>What was passed on of the attempt that the model makes now.</summary>
internal sealed class HeardText
{
    private readonly StringBuilder _text = new();
    private (int Step, int Attempt) _of;

    public bool IsEmpty => _text.Length == 0;

    public bool IsOf(int step, int attempt) => _of == (step, attempt);

    /// <summary>The part of a piece that has not been passed on. Empty where a piece before it is missing: the record has the whole text.</summary>
    public string Take(Delta piece)
    {
        _of = (piece.Step, piece.Attempt);
        var known = _text.Length - piece.Offset;
        if (known < 0 || known >= piece.Text.Length) return "";
        var rest = piece.Text[known..];
        _text.Append(rest);
        return rest;
    }

    /// <summary>What a recorded text has beyond what was passed on; null when what was passed on is not its beginning.</summary>
    public string? RestOf(RunReply reply)
    {
        if (IsEmpty) return reply.Text;
        return IsOf(reply.Step, reply.Attempt) && reply.Text.StartsWith(_text.ToString(), StringComparison.Ordinal) ? reply.Text[_text.Length..] : null;
    }

    public void Clear()
    {
        _text.Clear();
        _of = default;
    }
}
