namespace AgentRuntime.Aws.Sqs.Cache;

/// <summary>
/// Whether a consumer is given messages. After some failures in a row, each of which Orleans takes its time for, it is given none for a while and then one
/// to try.
/// </summary>
internal sealed class ConsumerCircuit(TimeProvider time)
{
    /// <summary>How many failures in a row open it.</summary>
    public const int MaxInARow = 3;

    /// <summary>How long it is open.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private int _inARow;
    private DateTimeOffset _until;

    public bool IsOpen => time.GetUtcNow() < _until;

    public void Passed() => _inARow = 0;

    public void Failed()
    {
        if (++_inARow >= MaxInARow) _until = time.GetUtcNow() + Rest;
    }
}
