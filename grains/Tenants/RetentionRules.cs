using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>What a retention may be, and what it means for a run.</summary>
internal static class RetentionRules
{
    public const int MaxDays = 36_500;
    public const int MaxClasses = 32;

    /// <summary>Returns the retention in its one spelling: classes in order.</summary>
    /// <exception cref="InvalidInputException">A part is out of bounds.</exception>
    public static RetentionSettings Normalise(RetentionSettings retention)
    {
        RequireDays("retention.default", retention.DefaultDays);
        if (retention.Classes.Count > MaxClasses)
            throw new InvalidInputException("retention", $"must name at most {MaxClasses} classes, not {retention.Classes.Count}.");
        foreach (var each in retention.Classes)
        {
            IdFormat.Require(each.DataClass, "retention");
            RequireDays($"retention.{each.DataClass}", each.Days);
        }

        var classes = retention.Classes.OrderBy(each => each.DataClass, StringComparer.Ordinal).ToArray();
        for (var i = 1; i < classes.Length; i++)
            if (classes[i].DataClass == classes[i - 1].DataClass)
                throw new InvalidInputException("retention", $"names '{classes[i].DataClass}' twice; remove one.");
        return retention with { Classes = classes };
    }

    /// <summary>Whether two normalised retentions are the same.</summary>
    public static bool AreSame(RetentionSettings? left, RetentionSettings? right) =>
        left is null || right is null
            ? left is null && right is null
            : left.DefaultDays == right.DefaultDays && left.Classes.SequenceEqual(right.Classes);

    /// <summary>How long a run is kept after its end whose agent handles <paramref name="dataClasses"/>; null for ever.</summary>
    public static TimeSpan? PeriodOf(RetentionSettings? retention, IReadOnlyCollection<string> dataClasses)
    {
        if (retention is null) return null;
        var named = retention.Classes.Where(each => dataClasses.Contains(each.DataClass, StringComparer.Ordinal)).ToList();
        var days = named.Count == 0 ? retention.DefaultDays : named.Min(each => each.Days);
        return days is { } known ? TimeSpan.FromDays(known) : null;
    }

    private static void RequireDays(string field, int? days)
    {
        if (days is < 0 or > MaxDays) throw new InvalidInputException(field, $"must be 0 to {MaxDays} days, not {days}.");
    }
}
