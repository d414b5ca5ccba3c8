using System.Security.Cryptography;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Numbers in the order of time that need no counter: 42 bits of milliseconds since 1970, 13 bits that count within this process, 8 bits by
/// which processes differ. Two of the same millisecond in different silos have no order; two that are equal, once in millions of such pairs,
/// may lose one run at the border of two pages of a list, and nothing else.
/// </summary>
internal sealed class RunNumbers
{
    private const int CountBits = 13;
    private const int ProcessBits = 8;
    private const int LowBits = CountBits + ProcessBits;
    private const long MaxMilliseconds = (1L << 42) - 1;

    private readonly long _process = RandomNumberGenerator.GetInt32(1 << ProcessBits);
    private long _count;

    public long Next(DateTimeOffset time) =>
        FirstAt(time) | ((Interlocked.Increment(ref _count) & ((1 << CountBits) - 1)) << ProcessBits) | _process;

    /// <summary>The lowest number of the time's millisecond.</summary>
    public static long FirstAt(DateTimeOffset time) => Math.Clamp(time.ToUnixTimeMilliseconds(), 0, MaxMilliseconds) << LowBits;

    /// <summary>The highest number of the time's millisecond.</summary>
    public static long LastAt(DateTimeOffset time) => FirstAt(time) | ((1L << LowBits) - 1);
}
