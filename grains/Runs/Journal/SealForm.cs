namespace AgentRuntime.Runs.Journal;

/// <summary>The first byte of a seal: where the payload is. Salt (32 bytes) follows, then the content.</summary>
internal static class SealForm
{
    /// <summary>The payload itself.</summary>
    public const byte Inline = 0;

    /// <summary>The name of an artifact that holds the payload.</summary>
    public const byte Artifact = 1;

    public const int SaltBytes = 32;
    public const int PrefixBytes = 1 + SaltBytes;
}
