using System.Globalization;

namespace AgentRuntime.Common.Yaml;

/// <summary>
/// Reads the keys of one map, each by name and type. <see cref="Done"/> refuses the keys that nobody asked for, so that a misspelt key
/// never passes for an absent one.
/// </summary>
internal sealed class YamlFields
{
    private readonly string _what;
    private readonly YamlMap _map;
    private readonly List<string> _known = [];

    /// <param name="value">The map.</param>
    /// <param name="what">What it is, for messages: "agent", "limits".</param>
    public YamlFields(YamlValue value, string what)
    {
        _what = what;
        _map = value as YamlMap ?? throw value.Place.Refuse($"{what} must be a map, not {value.Kind}.");
    }

    public YamlPlace Place => _map.Place;

    /// <summary>The value, or null when the key is absent or null.</summary>
    public YamlValue? Find(string key)
    {
        _known.Add(key);
        foreach (var entry in _map.Entries)
            if (entry.Key == key) return entry.Value is YamlScalar { IsNull: true } ? null : entry.Value;
        return null;
    }

    public YamlValue Require(string key) => Find(key) ?? throw Place.Refuse($"{_what} needs '{key}'.");

    public string? FindText(string key) => Find(key) is { } value ? TextOf(value, key) : null;

    public string RequireText(string key) => TextOf(Require(key), key);

    public long? FindNumber(string key, long min, long max)
    {
        if (Find(key) is not { } value) return null;
        if (value is not YamlScalar { IsPlain: true } scalar
            || !long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw value.Place.Refuse($"'{key}' must be a whole number{Saw(value)}.");
        return number >= min && number <= max ? number : throw value.Place.Refuse($"'{key}' must be {min} to {max}, not {number}.");
    }

    /// <summary>A number that a default takes the place of.</summary>
    public int Number(string key, int byDefault, int min, int max) => (int)(FindNumber(key, min, max) ?? byDefault);

    public IReadOnlyList<YamlValue> List(string key) => Find(key) switch
    {
        null => [],
        YamlList list => list.Items,
        { } other => throw other.Place.Refuse($"'{key}' must be a list, not {other.Kind}."),
    };

    public IReadOnlyList<string> Texts(string key) => [.. List(key).Select(item => TextOf(item, key))];

    /// <summary>The entries of a map whose keys are free.</summary>
    public IReadOnlyList<YamlEntry> Entries(string key) => Find(key) switch
    {
        null => [],
        YamlMap map => map.Entries,
        { } other => throw other.Place.Refuse($"'{key}' must be a map, not {other.Kind}."),
    };

    /// <summary>A value that one of a few words stands for.</summary>
    public T Word<T>(string key, Func<string, T?> parse, string words)
        where T : struct =>
        parse(RequireText(key)) ?? throw Require(key).Place.Refuse($"'{key}' must be {words}{Saw(Require(key))}.");

    /// <exception cref="InvalidInputException">The map has a key that was not asked for.</exception>
    public void Done()
    {
        foreach (var entry in _map.Entries)
            if (!_known.Contains(entry.Key))
                throw entry.Place.Refuse(
                    $"{_what} has no key '{Shown.Text(entry.Key)}'. Known: {string.Join(", ", _known.Distinct(StringComparer.Ordinal))}.");
    }

    public static string TextOf(YamlValue value, string name) => value is YamlScalar { IsNull: false } scalar
        ? scalar.Text
        : throw value.Place.Refuse($"'{name}' must be a text, not {(value is YamlScalar ? "null" : value.Kind)}.");

    private static string Saw(YamlValue value) => value is YamlScalar scalar ? $", not '{Shown.Text(scalar.Text)}'" : $", not {value.Kind}";
}
