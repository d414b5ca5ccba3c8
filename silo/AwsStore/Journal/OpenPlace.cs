using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Publishing;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Where an open run lies in the index: in the part that its id says, runnable ones by their owner, waiting ones by when they are due, and then
/// by their number. Before them lie those that wait for nobody knows how long, where only who wants all of them looks. The place of one that waits says
/// which record it has for sure. One that has ended is there by an item of its own until subscribers have all its records.
/// </summary>
internal readonly record struct OpenPlace(string Partition, string Sort)
{
    /// <summary>Before all runs.</summary>
    public const string First = "P#";

    /// <summary>After all runs.</summary>
    public const string Last = "W$";

    /// <summary>Before all runnable runs.</summary>
    public const string FirstRunnable = "R#";

    /// <summary>After all runnable runs.</summary>
    public const string AfterRunnable = "R$";

    /// <summary>Before all waiting runs.</summary>
    public const string FirstWaiting = "W#";

    /// <summary>Before all runs that have ended.</summary>
    public const string FirstEnded = "C#";

    /// <summary>After all runs that have ended.</summary>
    public const string AfterEnded = "C$";

    /// <summary>After all that wait for nobody knows how long.</summary>
    public const string AfterUnknown = "P$";

    /// <summary>The place of a head that says that <paramref name="lastSeq"/> is there.</summary>
    public static OpenPlace? Of(RunRow row, long lastSeq, int shards) => row switch
    {
        { State: OpenState.Runnable } => new(PartitionOf(row.Key, shards), Text($"{FirstRunnable}{KeyText.Escape(row.Owner ?? "")}#{row.RunNo:D19}")),
        { State: OpenState.Waiting, WakeAt: { } due } => new(PartitionOf(row.Key, shards), Text($"{FirstWaiting}{due.UtcTicks:D19}#{row.RunNo:D19}#{lastSeq}")),
        { State: OpenState.Waiting } => new(PartitionOf(row.Key, shards), Text($"{First}{row.RunNo:D19}#{lastSeq}")),
        _ => null,
    };

    /// <summary>The place of a run that has ended with <paramref name="lastSeq"/>.</summary>
    public static OpenPlace OfEnded(RunKey run, DateTimeOffset endedAt, long lastSeq, int shards) => new(PartitionOf(run, shards), Text($"{FirstEnded}{endedAt.UtcTicks:D19}#{lastSeq}"));

    public static string PartitionOf(int shard) => Text($"O#{shard:D3}");

    /// <summary>Before all runs of an owner.</summary>
    public static string FirstOfOwner(string owner) => $"{FirstRunnable}{KeyText.Escape(owner)}#";

    /// <summary>After all runs of an owner.</summary>
    public static string AfterOwner(string owner) => $"{FirstRunnable}{KeyText.Escape(owner)}$";

    /// <summary>After all runs that are due at a time.</summary>
    public static string AfterDue(DateTimeOffset now) => Text($"{FirstWaiting}{now.UtcTicks:D19}$");

    /// <summary>The owner, escaped, in the place of a runnable run; empty for none.</summary>
    public static string OwnerIn(string sort) => sort.Split('#')[1];

    /// <summary>By what runs of all parts are ordered: their number, or when they are due.</summary>
    public static long OrderOf(string sort) => long.Parse(sort.AsSpan(sort.StartsWith(FirstWaiting, StringComparison.Ordinal) ? FirstWaiting.Length : sort.LastIndexOf('#') + 1, 19), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>What the place of a waiting or ended run says; null where an older version has made it.</summary>
    public static RunMark? MarkOf(RunKey run, string sort) => sort.Split('#') switch
    {
        ["C", var ended, var last] => new RunMark(run, Number(last), new DateTimeOffset(Number(ended), TimeSpan.Zero)),
        ["W", _, _, var last] => new RunMark(run, Number(last)),
        ["P", _, var last] => new RunMark(run, Number(last)),
        _ => null,
    };

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string PartitionOf(RunKey run, int shards)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(run.ToString()), hash);
        return PartitionOf((int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)shards));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
