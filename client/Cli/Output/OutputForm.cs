namespace AgentRuntime.Cli.Output;

/// <summary>How results are printed.</summary>
internal enum OutputForm
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One object a line.</summary>
    Json,

    /// <summary>One document for each result.</summary>
    Yaml,
}
