using System.Globalization;
using AgentRuntime.Approvals;
using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Common;
using AgentRuntime.Runs;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>Keys of the journal's table. Each partition begins with its tenant, so that IAM can bind a role to one.</summary>
internal static class JournalKeys
{
    /// <summary>Sorts before every item of records, so that one query of a run reads its head first.</summary>
    public const string Head = "H";

    /// <summary>Sorts between the head and the records.</summary>
    public const string Snapshot = "HS";

    /// <summary>There while subscribers may lack records of a run that has ended. Sorts before the head, so that no reader of a run meets it.</summary>
    public const string Unpublished = "C";

    /// <summary>The only item of its partition.</summary>
    public const string Single = "-";

    /// <summary>The highest that <see cref="Entry"/> can sort.</summary>
    public const long MaxSeq = 9_999_999_999;

    private const string EntryPrefix = "J#";
    private const string RunPart = "R#";

    public static string Run(RunKey run) => $"{KeyText.Tenant(run.Tenant.Value)}{RunPart}{run.Run.Value}";

    /// <summary>The records of one append, by the seq of the first: ten digits, so that they sort.</summary>
    public static string Entry(long firstSeq) => string.Create(CultureInfo.InvariantCulture, $"{EntryPrefix}{firstSeq:D10}");

    /// <summary>After the last possible item of records.</summary>
    public const string AfterEntries = "J$";

    public static bool IsEntry(string sort) => sort.StartsWith(EntryPrefix, StringComparison.Ordinal);

    public static long FirstSeq(string sort) => long.Parse(sort.AsSpan(EntryPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Parts of records that are too large for their item.</summary>
    public static string Pieces(RunKey run) => $"{Run(run)}#P";

    public static string Approval(TenantId tenant, ApprovalId approval) => $"{KeyText.Tenant(tenant.Value)}A#{KeyText.Escape(approval.Value)}";

    public static string Counter(TenantId tenant, int shard) => string.Create(CultureInfo.InvariantCulture, $"{KeyText.Tenant(tenant.Value)}N#{shard}");

    public static string Inbox(TenantId tenant) => $"{KeyText.Tenant(tenant.Value)}INBOX";

    /// <summary>The tenant whose partition this is.</summary>
    /// <exception cref="InvalidDataException">It is nobody's.</exception>
    public static TenantId TenantOf(string partition) => partition.Split('#') is ["T", var tenant, _, ..] && IdFormat.IsValid(tenant)
        ? TenantId.Parse(tenant)
        : throw new InvalidDataException($"'{partition}' is no key of a tenant");

    /// <summary>The run whose partition this is.</summary>
    /// <exception cref="InvalidDataException">It is no run's.</exception>
    public static RunKey ParseRun(string partition)
    {
        var parts = partition.Split('#');
        return parts is ["T", var tenant, "R", var run] && IdFormat.IsValid(tenant) && IdFormat.IsValid(run)
            ? new RunKey(TenantId.Parse(tenant), RunId.Parse(run))
            : throw new InvalidDataException($"'{partition}' is no key of a run");
    }
}
