namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>A name that now leads to a file or folder, or to nothing.</summary>
internal sealed record NameChange(string Name, object? Node);

/// <summary>A folder on the model disk.</summary>
internal sealed class DiskFolder : DiskNode<NameChange>
{
    private readonly Dictionary<string, object> _durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _current = new(StringComparer.Ordinal);

    public object? Find(string name) => _current.GetValueOrDefault(name);

    public void Set(string name, object? node)
    {
        Apply(_current, new NameChange(name, node));
        Change(new NameChange(name, node));
    }

    /// <summary>Writes what is left after a power loss.</summary>
    public void WriteAfterLoss(string path, Survivors survivors)
    {
        Directory.CreateDirectory(path);
        var names = new Dictionary<string, object>(_durable, StringComparer.Ordinal);

        // File systems keep the order of changes of one folder.
        foreach (var change in Pending.TakeWhile(_ => survivors.Keeps()))
            Apply(names, change);

        foreach (var (name, node) in names)
        {
            var child = Path.Combine(path, name);
            if (node is DiskFolder folder)
                folder.WriteAfterLoss(child, survivors);
            else
                File.WriteAllBytes(child, ((DiskFile)node).ContentAfterLoss(survivors));
        }
    }

    protected override void Settle(NameChange change) => Apply(_durable, change);

    private static void Apply(Dictionary<string, object> names, NameChange change)
    {
        if (change.Node is null)
            names.Remove(change.Name);
        else
            names[change.Name] = change.Node;
    }
}
