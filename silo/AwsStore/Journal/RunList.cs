using System.Globalization;
using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Common;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>The places of a tenant's runs in the index of what tenants have.</summary>
internal static class RunList
{
    public static string PartitionOf(TenantId tenant) => $"{KeyText.Tenant(tenant.Value)}R";

    public static string SortOf(long number) => number.ToString("D19", CultureInfo.InvariantCulture);

    public static long NumberOf(string sort) => long.Parse(sort, NumberStyles.None, CultureInfo.InvariantCulture);
}
