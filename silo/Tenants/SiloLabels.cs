using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>
/// The segments that a silo serves, written into its name. The name comes with the silo's row in the membership table, so that whoever knows of
/// a silo knows what it serves, at the same moment and without asking it.
/// </summary>
internal static class SiloLabels
{
    private const string Mark = " serves ";
    private const char Separator = ',';

    /// <summary>The name of a silo; one without labels serves the tenants that have no segment.</summary>
    public static string Name(int siloPort, TenancyPlan plan)
    {
        var labels = string.Join(Separator, plan.Serves.Select(tenant => tenant.Value));
        return labels.Length == 0 ? $"silo-{siloPort}" : $"silo-{siloPort}{Mark}{labels}";
    }

    /// <summary>Whether the silo of that name serves a segment, or for null the tenants that have none.</summary>
    public static bool Serves(string name, TenantId? segment)
    {
        var mark = name.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0 || segment is not { } tenant) return mark < 0 && segment is null;
        return name[(mark + Mark.Length)..].Split(Separator).Contains(tenant.Value, StringComparer.Ordinal);
    }
}
