namespace AgentRuntime.Embedded;

/// <summary>Where the embedded stores lie and what opens them.</summary>
internal sealed class EmbeddedStoreOptions
{
    /// <summary>The data folder; made at the first start. It must be on a local disk: SQLite's log does not work on network shares.</summary>
    public required string Folder { get; init; }

    /// <summary>The root of the keys that name artifacts, 32 bytes. Artifacts written under another key cannot be found.</summary>
    public required ReadOnlyMemory<byte> ArtifactRootKey { get; init; }
}
