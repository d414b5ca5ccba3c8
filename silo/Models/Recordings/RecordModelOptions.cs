namespace AgentRuntime.Models.Recordings;

/// <summary>A model whose calls are written down. The section's key is the name that definitions use.</summary>
internal sealed class RecordModelOptions
{
    public const string SectionName = "Models:Record";

    /// <summary>The registered name of the model that answers. Required.</summary>
    public string Of { get; set; } = "";

    /// <summary>The recording, an absolute path. Required. It holds conversations in clear text.</summary>
    public string File { get; set; } = "";

    /// <summary>Bytes of the file, 1 KiB to 256 MiB. Default 64 MiB. When it is full, calls fail.</summary>
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The classes of data that the model may see. Default none.</summary>
    public IList<string> DataClasses { get; } = [];
}
