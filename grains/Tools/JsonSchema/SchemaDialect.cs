namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The edition of JSON Schema that a resource is written in.</summary>
internal enum SchemaDialect
{
    Draft202012,
    Draft07,
}
