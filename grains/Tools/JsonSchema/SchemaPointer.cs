namespace AgentRuntime.Tools.JsonSchema;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class SchemaPointer
{
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
