namespace AgentRuntime.Testing.Aws;

/// <summary>What reads were answered of late, by what they asked: what an index, or a copy that lags, may say once more.</summary>
internal sealed class OldAnswers(TimeProvider time)
{
    private const int MaxQuestions = 1000;

    // Copies are seldom older than a second.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<(long At, string Answer)>> _answers = new(StringComparer.Ordinal);

    public void Keep(string question, string answer)
    {
        lock (_gate)
        {
            if (_answers.Count >= MaxQuestions) _answers.Clear();
            if (!_answers.TryGetValue(question, out var answers)) _answers[question] = answers = [];
            answers.Enqueue((time.GetTimestamp(), answer));
        }
    }

    /// <summary>The oldest answer that may still be given and is another than that of now; null when there is none.</summary>
    public string? Find(string question, string now)
    {
        lock (_gate)
        {
            if (!_answers.TryGetValue(question, out var answers)) return null;
            while (answers.TryPeek(out var first) && time.GetElapsedTime(first.At) > MaxAge) answers.Dequeue();
            return answers.Select(static each => each.Answer).FirstOrDefault(answer => answer != now);
        }
    }
}
