using System.Globalization;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Tenants;

/// <summary>A retention as words: <c>default=30d customer=7d archive=forever</c>.</summary>
internal static class RetentionArgument
{
    private const string Default = "default";
    private const string Forever = "forever";

    /// <summary>The retention; null for no words.</summary>
    public static Retention? Parse(IReadOnlyList<string> words)
    {
        if (words.Count == 0) return null;
        var retention = new Retention();
        foreach (var word in words)
        {
            var parts = word.Split('=', 2);
            if (parts is not [{ Length: > 0 } name, { } time] || Days(time) is not { } days)
                throw new CliException(ExitCode.Usage, $"'{word}' must be a class of data, or {Default}, and a time: {Default}=30d or archive={Forever}.");
            if (name == Default)
            {
                if (days >= 0) retention.DefaultDays = days;
                continue;
            }

            var of = new ClassRetention { DataClass = name };
            if (days >= 0) of.Days = days;
            retention.Classes.Add(of);
        }

        return retention;
    }

    public static string Text(Retention? retention) => retention is null
        ? Forever
        : string.Join(' ', retention.Classes
            .Select(of => $"{of.DataClass}={(of.HasDays ? $"{of.Days}d" : Forever)}")
            .Prepend($"{Default}={(retention.HasDefaultDays ? $"{retention.DefaultDays}d" : Forever)}"));

    /// <summary>Days; -1 for ever; null when it is neither.</summary>
    private static int? Days(string time)
    {
        if (time == Forever) return -1;
        return time.EndsWith('d') && int.TryParse(time.AsSpan(0, time.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null;
    }
}
