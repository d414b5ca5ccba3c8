namespace AgentRuntime.Embedded.Segments;

/// <summary>Something that is opened when it is wanted first. What could not be opened is tried again.</summary>
internal sealed class OpenedOnce<T>(Func<T> open)
    where T : class
{
    private readonly Lock _gate = new();
    private volatile T? _opened;

    /// <summary>What was opened; null while nothing is.</summary>
    public T? Opened => _opened;

    public T Get()
    {
        if (_opened is { } known) return known;
        lock (_gate) return _opened ??= open();
    }
}
