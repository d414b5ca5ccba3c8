namespace AgentRuntime.AwsStore.Artifacts;

/// <summary>Whether artifacts are stored with a lock against deletion.</summary>
internal enum ArtifactLockMode
{
    /// <summary>What the bucket does by itself.</summary>
    None,

    /// <summary>Whoever has the right may lift it.</summary>
    Governance,

    /// <summary>Nobody may lift it, the account's owner neither.</summary>
    Compliance,
}
