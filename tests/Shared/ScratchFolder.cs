namespace AgentRuntime.Testing;

/// <summary>A path of its own below the system's temporary folder; what is there is deleted at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>The path. Nothing is there yet.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"agentrt-{Guid.NewGuid():N}");

    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
