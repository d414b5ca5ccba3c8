using System.Globalization;
using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Tenants;

/// <summary>
/// A retention as written in YAML: a map from a class of data, or <c>default</c>, to days after a run's end, as in <c>30d</c>, or
/// <c>forever</c>.
/// </summary>
internal static class RetentionManifest
{
    private const string Key = "retention";
    private const string Default = "default";
    private const string Forever = "forever";

    /// <summary>The retention; null when there is none.</summary>
    /// <exception cref="InvalidInputException">A time is neither days nor <c>forever</c>.</exception>
    public static RetentionSettings? Read(YamlFields fields)
    {
        var entries = fields.Entries(Key);
        if (entries.Count == 0) return null;
        int? byDefault = null;
        var classes = new List<ClassRetention>();
        foreach (var entry in entries)
        {
            var days = Days(entry);
            if (entry.Key == Default) byDefault = days;
            else classes.Add(new ClassRetention(entry.Key, days));
        }

        return new RetentionSettings(byDefault, classes);
    }

    private static int? Days(YamlEntry entry)
    {
        var text = YamlFields.TextOf(entry.Value, entry.Key);
        if (text == Forever) return null;
        return text.EndsWith('d') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            ? days
            : throw entry.Value.Place.Refuse($"'{Shown.Text(entry.Key)}' must be days, such as 30d, or {Forever}, not '{Shown.Text(text)}'.");
    }
}
