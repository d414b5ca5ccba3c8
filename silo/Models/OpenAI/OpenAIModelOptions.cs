namespace AgentRuntime.Models.OpenAI;

/// <summary>
/// A model behind an endpoint that speaks OpenAI's chat completions: OpenAI itself, Ollama, vLLM, Bedrock's OpenAI route and others. The
/// section's key is the name that definitions use.
/// </summary>
internal sealed class OpenAIModelOptions
{
    public const string SectionName = "Models:OpenAI";

    /// <summary>Base address with its version, such as <c>http://127.0.0.1:11434/v1</c>. Required. A key is sent over https or to loopback only.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The model as the endpoint calls it. Required.</summary>
    public string Model { get; set; } = "";

    /// <summary>The environment variable that holds the key. Default none. It is read at each call and kept nowhere.</summary>
    public string? ApiKeyVariable { get; set; }

    /// <summary>A file that holds the key, at most 64 KiB. Default none. Unlike a variable it can be changed while the silo runs.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>The organisation that pays, where the vendor knows several. Default none.</summary>
    public string? Organization { get; set; }

    /// <summary>Tokens of one reply, at most, 1 to 1,000,000. Default the endpoint's own. A reply that meets it fails its run.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>
    /// Seconds without a byte from the endpoint until the attempt fails, 1 to 3,600. Default 100. More lets a large model load; the whole call
    /// is bounded by the agent's modelTimeoutSeconds.
    /// </summary>
    public int NetworkTimeoutSeconds { get; set; } = 100;

    /// <summary>Bytes of one answer as sent, 64 KiB to 256 MiB. Default 32 MiB. A stream spends some 200 bytes on each token.</summary>
    public int MaxResponseBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>The classes of data that the model may see. Default none: then only agents without data classes may use it.</summary>
    public IList<string> DataClasses { get; } = [];
}
