using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Embedded.Backup;

/// <summary>Copies the artifacts that a journal refers to from one folder into another.</summary>
internal sealed class ArtifactCopy(string from, string to)
{
    private readonly DurableFolders _folders = new(to);
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    /// <summary>All that records refer to, each as often as they do.</summary>
    public static IEnumerable<(TenantId Tenant, string Name, bool IsPruned)> FindAll(RawConnection journal)
    {
        using var statement = journal.Get($"""
            SELECT tenant, seal, {(journal.HasRetention ? "pruned" : "0")} FROM records JOIN runs USING (run_no) WHERE seal >= x'01' AND seal < x'02'
            """);
        while (statement.Step())
        {
            if (Seals.FindArtifact(statement.BlobSpan(1)) is { } name) yield return (TenantId.Parse(statement.Text(0)), name, statement.Number(2) != 0);
        }
    }

    /// <summary>Copies one unless it is there. False when the source has none.</summary>
    public bool TryCopy(TenantId tenant, string name)
    {
        var path = FileArtifactStore.PathIn(tenant, name);
        var target = Path.Combine(to, path);
        if (File.Exists(target)) return true;
        if (ArtifactFiles.TryRead(Path.Combine(from, path)) is not { } content) return false;
        var folder = Path.GetDirectoryName(target)!;
        _folders.Create(folder);
        using (var file = new FileStream(target, ArtifactFiles.NewFile()))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        _touched.Add(folder);
        return true;
    }

    /// <summary>Makes the names durable, too.</summary>
    public void MakeDurable()
    {
        foreach (var folder in _touched) DurableFile.SyncFolder(folder);
    }
}
