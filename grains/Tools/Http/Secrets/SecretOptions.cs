namespace AgentRuntime.Tools.Http.Secrets;

/// <summary>Where secrets of tools lie.</summary>
internal sealed class SecretOptions
{
    public const string SectionName = "Secrets";

    /// <summary>
    /// Folder that holds <c>{tenant}/{name}</c>, one secret a file, at most 64 KiB. Default none: then only the environment is asked. A
    /// file can be changed while the silo runs; a variable cannot.
    /// </summary>
    public string? Folder { get; set; }
}
