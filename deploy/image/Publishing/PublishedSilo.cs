using AgentRuntime.Image.Layers;

namespace AgentRuntime.Image.Publishing;

/// <summary>The silo as it was published, with its runtime.</summary>
internal sealed record PublishedSilo(string Folder, DependencyFile Dependencies)
{
    private const string Program = "AgentRuntime.Silo";

    /// <summary>The runtime of .NET: a layer that stays the same until its version changes.</summary>
    public IReadOnlyList<RootEntry> Runtime => [.. Entries().Where(entry => Dependencies.RuntimeFiles.Contains(Path.GetFileName(entry.Path)))];

    /// <summary>The silo and its packages.</summary>
    public IReadOnlyList<RootEntry> App => [.. Entries().Where(entry => !Dependencies.RuntimeFiles.Contains(Path.GetFileName(entry.Path)))];

    private IEnumerable<RootEntry> Entries() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(file =>
    {
        var name = Path.GetRelativePath(Folder, file);
        return RootEntry.FileOf($"app/{name}", file, isProgram: name is Program or "createdump");
    });
}
