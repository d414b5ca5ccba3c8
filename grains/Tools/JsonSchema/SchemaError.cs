namespace AgentRuntime.Tools.JsonSchema;

/// <summary>One thing that is wrong with a document.</summary>
/// <param name="Pointer">Where, as a JSON pointer (RFC 6901); empty is the whole document.</param>
/// <param name="Keyword">The keyword that refused it.</param>
/// <param name="Message">What is wrong, for a person or a model.</param>
internal readonly record struct SchemaError(string Pointer, string Keyword, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Pointer.Length == 0 ? "/" : Pointer)}: {Message} ({Keyword})";
}
