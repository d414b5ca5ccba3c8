namespace AgentRuntime.Common.Yaml;

/// <summary>One document of a manifest file: a map with <c>kind</c> and <c>name</c>. Whoever reads it calls <see cref="YamlFields.Done"/>.</summary>
/// <param name="Kind">What it describes.</param>
/// <param name="Name">A well-formed id, unique among the file's documents of its kind.</param>
/// <param name="Fields">Its other keys.</param>
internal sealed record ManifestDocument(string Kind, string Name, YamlFields Fields)
{
    /// <summary>The documents of a file, all of one of <paramref name="kinds"/>.</summary>
    /// <exception cref="InvalidInputException">The file is malformed, empty, or has another kind or a name twice.</exception>
    public static IReadOnlyList<ManifestDocument> ReadAll(string yaml, params string[] kinds)
    {
        var documents = new List<ManifestDocument>();
        var seen = new Dictionary<(string, string), YamlPlace>();
        foreach (var value in YamlText.Read(yaml))
        {
            var document = Read(value, kinds);
            if (!seen.TryAdd((document.Kind, document.Name), value.Place))
                throw value.Place.Refuse($"{document.Kind} '{document.Name}' is there twice, first in line {seen[(document.Kind, document.Name)].Line}. Remove one.");
            documents.Add(document);
        }

        return documents.Count > 0 ? documents : throw new InvalidInputException("yaml", $"has no document. Expected: {string.Join(", ", kinds)}.");
    }

    private static ManifestDocument Read(YamlValue value, string[] kinds)
    {
        var fields = new YamlFields(value, "a manifest");
        var kind = fields.RequireText("kind");
        if (!kinds.Contains(kind, StringComparer.Ordinal))
            throw fields.Require("kind").Place.Refuse($"kind '{Shown.Text(kind)}' is not expected here. Expected: {string.Join(", ", kinds)}.");
        var name = fields.RequireText("name");
        if (!IdFormat.IsValid(name))
            throw fields.Require("name").Place.Refuse($"name '{Shown.Text(name)}' must be 1 to {IdFormat.MaxLength} characters of a-z, 0-9 and '-'.");
        return new ManifestDocument(kind, name, fields);
    }

    /// <summary>Runs a check whose refusal names a field, and adds where the document is.</summary>
    public T Checked<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (InvalidInputException refused) when (!refused.Field.StartsWith("yaml:", StringComparison.Ordinal))
        {
            throw Fields.Place.Refuse($"{Kind} '{Name}': {refused.Message}");
        }
    }
}
