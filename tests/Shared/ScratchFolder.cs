namespace AgentRuntime.Testing;

/// <summary>A path of its own below the system's temporary folder; what is there is deleted at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>The path. Nothing is there yet, unless it was made.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"agentrt-{Guid.NewGuid():N}");

    /// <summary>One that is there.</summary>
    public static ScratchFolder Make()
    {
        var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.Path);
        return folder;
    }

    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
