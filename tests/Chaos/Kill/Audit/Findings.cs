namespace AgentRuntime.Chaos.Kill.Audit;

/// <summary>What the audit found, with a line on stderr for each fault up to a limit.</summary>
internal sealed class Findings
{
    private const int MaxLines = 20;

    private readonly SortedSet<string> _broken = new(StringComparer.Ordinal);
    private int _lines;

    public int Completed { get; set; }

    public int Steps { get; set; }

    public int Effects { get; set; }

    public int EffectsExpected { get; set; }

    public int Lost { get; private set; }

    public int Duplicated { get; private set; }

    public IEnumerable<string> Broken => _broken;

    public void AddLost(string invariant, string what)
    {
        Lost++;
        Break(invariant, what);
    }

    public void AddDuplicated(string invariant, string what)
    {
        Duplicated++;
        Break(invariant, what);
    }

    public void Break(string invariant, string what)
    {
        _broken.Add(invariant);
        if (_lines++ < MaxLines) Console.Error.WriteLine($"BROKEN {invariant}: {what}");
    }
}
