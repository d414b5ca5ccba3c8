namespace AgentRuntime.Chaos.Kill.Script;

/// <summary>Numbers that follow from a seed and what they are for, the same in every process.</summary>
internal static class Dice
{
    /// <summary>A number from 0 to <paramref name="sides"/> - 1.</summary>
    public static int Roll(int sides, params ReadOnlySpan<long> what) => (int)(Mix(what) % (ulong)sides);

    /// <summary>A number from 0 up to 1.</summary>
    public static double Fraction(params ReadOnlySpan<long> what) => (Mix(what) >> 11) * (1.0 / (1UL << 53));

    // SplitMix64's finalizer (Steele, Lea, Flood 2014) over the parts in turn.
    private static ulong Mix(ReadOnlySpan<long> what)
    {
        var state = 0x9E3779B97F4A7C15UL;
        foreach (var part in what)
        {
            state += (ulong)part + 0x9E3779B97F4A7C15UL;
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
            state ^= state >> 31;
        }

        return state;
    }
}
