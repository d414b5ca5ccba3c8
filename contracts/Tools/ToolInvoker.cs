namespace AgentRuntime.Tools;

/// <summary>How a tool is called. Closed: <see cref="FunctionInvoker"/>, <see cref="HttpInvoker"/> or <see cref="McpInvoker"/>.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.tool.invoker")]
public abstract record ToolInvoker;

/// <summary>A C# method that the host registered.</summary>
/// <param name="Function">Its registered name.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tool.invoker.function")]
public sealed record FunctionInvoker([property: Id(0)] string Function) : ToolInvoker;

/// <summary>One HTTP request. Its idempotency key travels as header <c>Idempotency-Key</c>.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="UrlTemplate">https (or http where the platform opts in) URL; <c>{name}</c> takes an argument, percent-encoded.</param>
/// <param name="Headers">Fixed headers. A value <c>secret:NAME</c> is filled from the tenant's secret at the last moment.</param>
/// <param name="MaxResponseBytes">Bytes of a response that are accepted, 1 to 16 MiB.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tool.invoker.http")]
public sealed record HttpInvoker(
    [property: Id(0)] string Method,
    [property: Id(1)] string UrlTemplate,
    [property: Id(2)] IReadOnlyDictionary<string, string> Headers,
    [property: Id(3)] int MaxResponseBytes) : ToolInvoker;

/// <summary>
/// A tool of an MCP server that the platform's configuration names; the server is asked for it by the contract's wire name. What runs as that
/// server, or where it is, is never part of a contract. The idempotency key travels in <c>_meta</c> as <c>agentruntime/idempotency-key</c>.
/// </summary>
/// <param name="Server">The server's name in the platform's configuration.</param>
/// <param name="EntryHash">
/// SHA-256 of what the server's list says of the tool (name, description, schemas), 64 hex digits. While the list says something else, or does
/// not have the tool, no call is made.
/// </param>
[GenerateSerializer, Immutable, Alias("agentruntime.tool.invoker.mcp")]
public sealed record McpInvoker([property: Id(0)] string Server, [property: Id(1)] string EntryHash) : ToolInvoker;
