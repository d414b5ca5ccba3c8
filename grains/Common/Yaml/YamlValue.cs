namespace AgentRuntime.Common.Yaml;

/// <summary>Where something stands in its text, from 1.</summary>
internal readonly record struct YamlPlace(long Line, long Column)
{
    /// <summary>A refusal that begins with the place.</summary>
    public InvalidInputException Refuse(string message) => new($"yaml:{Line}:{Column}", message);
}

/// <summary>One value of a document, with its place.</summary>
internal abstract record YamlValue(YamlPlace Place)
{
    public abstract string Kind { get; }
}

/// <summary>A text.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Text">The text.</param>
/// <param name="IsPlain">Written without quotes and not as a block: then it may be a number, true, false or null.</param>
internal sealed record YamlScalar(YamlPlace Place, string Text, bool IsPlain) : YamlValue(Place)
{
    public override string Kind => "a text";

    public bool IsNull => IsPlain && Text is "" or "~" or "null";
}

/// <summary>A list.</summary>
internal sealed record YamlList(YamlPlace Place, IReadOnlyList<YamlValue> Items) : YamlValue(Place)
{
    public override string Kind => "a list";
}

/// <summary>A map; its keys are distinct.</summary>
internal sealed record YamlMap(YamlPlace Place, IReadOnlyList<YamlEntry> Entries) : YamlValue(Place)
{
    public override string Kind => "a map";
}

/// <summary>One entry of a map.</summary>
internal sealed record YamlEntry(string Key, YamlPlace Place, YamlValue Value);
