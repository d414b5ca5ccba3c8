namespace AgentRuntime.Runs.Index;

/// <summary>The part of the index that one silo polls: runs whose number modulo <paramref name="Count"/> is <paramref name="Rank"/>.</summary>
internal readonly record struct PollerShare(int Rank, int Count)
{
    /// <summary>All of it.</summary>
    public static readonly PollerShare Whole = new(0, 1);
}
