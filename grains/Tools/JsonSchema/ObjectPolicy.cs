namespace AgentRuntime.Tools.JsonSchema;

/// <summary>What an object may hold that its schema does not name.</summary>
internal enum ObjectPolicy
{
    /// <summary>Anything, as JSON Schema says.</summary>
    Open,

    /// <summary>Nothing, unless the schema has additionalProperties: an argument that a model made up must not reach a tool.</summary>
    Closed,
}
