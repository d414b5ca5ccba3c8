using Orleans.Storage;

namespace AgentRuntime.Embedded.GrainState;

/// <summary>One named store of grain state.</summary>
internal sealed class SqliteGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>Path of the database file; several named stores may share one. No default.</summary>
    public string DatabasePath { get; set; } = "";

    /// <summary>How states become bytes. Default: the Orleans serializer, which reads old versions by field ids.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = default!;
}
