namespace AgentRuntime.Models.Recordings;

/// <summary>A recording that answers as a model. The section's key is the name that definitions use.</summary>
internal sealed class ReplayModelOptions
{
    public const string SectionName = "Models:Replay";

    /// <summary>The recording, an absolute path. Required. It is read once, when the silo starts.</summary>
    public string File { get; set; } = "";

    /// <summary>The classes of data that the model may see. Default none.</summary>
    public IList<string> DataClasses { get; } = [];
}
