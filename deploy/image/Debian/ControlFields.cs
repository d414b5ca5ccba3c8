namespace AgentRuntime.Image.Debian;

/// <summary>The first paragraph of a control file: fields by name, each with the lines that continue it.</summary>
internal static class ControlFields
{
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = "";
        foreach (var line in text.Split('\n').TakeWhile(line => line.Length > 0))
        {
            if (line[0] is ' ' or '\t') fields[last] += $"\n{line}";
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) fields[last = line[..colon]] = line[(colon + 1)..].Trim();
        }

        return fields;
    }
}
