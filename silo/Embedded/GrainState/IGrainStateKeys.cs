namespace AgentRuntime.Embedded.GrainState;

/// <summary>Which grains have a state.</summary>
internal interface IGrainStateKeys
{
    /// <summary>Grains whose key begins with <paramref name="prefix"/>, after <paramref name="after"/>, that have a state: at most <paramref name="limit"/>, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListKeysAsync(string name, string prefix, string after, int limit);
}
