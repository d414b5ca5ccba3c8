using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;
using AgentRuntime.Tools.Mcp;

namespace AgentRuntime.Tools.Manifests;

/// <summary>A tool as written in YAML.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Contract">Its contract. Schemas and egress are checked when it is registered.</param>
internal sealed record ToolManifest(ToolId Tool, ToolContract Contract)
{
    public const string Kind = "Tool";
    public const int MaxDescriptionChars = 8 * 1024;
    public const int MaxTimeoutMs = 600_000;
    public const int DefaultTimeoutMs = 30_000;
    public const int MaxResponseBytes = 16 * 1024 * 1024;
    public const int DefaultResponseBytes = 1024 * 1024;

    /// <summary>The tools of a file that holds nothing else.</summary>
    /// <exception cref="InvalidInputException">The file is refused; the message begins with line and column and names the culprit.</exception>
    public static IReadOnlyList<ToolManifest> Parse(string yaml) => [.. ManifestDocument.ReadAll(yaml, Kind).Select(Read)];

    public static ToolManifest Read(ManifestDocument document)
    {
        var fields = document.Fields;
        var contract = new ToolContract(
            fields.FindText("wireName") ?? document.Name,
            ReadDescription(fields),
            ReadSchema(fields.Require("input"), "input"),
            fields.Find("output") is { } output ? ReadSchema(output, "output") : null,
            fields.Word("risk", RiskNames.Parse, RiskNames.All),
            fields.Word("effect", EffectNames.Parse, EffectNames.All),
            fields.Number("timeoutMs", DefaultTimeoutMs, 1, MaxTimeoutMs),
            fields.Texts("dataClasses"),
            fields.Texts("egressHosts"),
            ReadInvoker(fields));
        fields.Done();
        return new ToolManifest(ToolId.Parse(document.Name), contract);
    }

    private static string ReadDescription(YamlFields fields)
    {
        var description = fields.RequireText("description");
        return description.Length is > 0 and <= MaxDescriptionChars
            ? description
            : throw fields.Require("description").Place.Refuse($"'description' must be 1 to {MaxDescriptionChars} characters.");
    }

    private static string ReadSchema(YamlValue value, string key) => value is YamlMap
        ? YamlJson.ToJson(value)
        : throw value.Place.Refuse($"'{key}' must be a JSON Schema written as a map, not {value.Kind}.");

    private static ToolInvoker ReadInvoker(YamlFields fields)
    {
        var function = fields.FindText("function");
        var http = fields.Find("http");
        var mcp = fields.Find("mcp");
        return (function, http, mcp) switch
        {
            ({ } name, null, null) => new FunctionInvoker(name),
            (null, { } value, null) => ReadHttp(value),
            (null, null, { } value) => ReadMcp(value),
            _ => throw fields.Place.Refuse("a tool needs exactly one of 'function', 'http' and 'mcp'."),
        };
    }

    private static McpInvoker ReadMcp(YamlValue value)
    {
        var fields = new YamlFields(value, "mcp");
        foreach (var key in McpContractRules.LaunchKeys)
            if (fields.Find(key) is { } launch)
                throw launch.Place.Refuse($"'{key}' is not part of a contract: {McpContractRules.NameAServer}");
        fields = new YamlFields(value, "mcp");
        var mcp = new McpInvoker(fields.RequireText("server"), fields.RequireText("entry"));
        fields.Done();
        return mcp;
    }

    private static HttpInvoker ReadHttp(YamlValue value)
    {
        var fields = new YamlFields(value, "http");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in fields.Entries("headers"))
            if (!headers.TryAdd(header.Key, YamlFields.TextOf(header.Value, header.Key)))
                throw header.Place.Refuse($"header '{Shown.Text(header.Key)}' is there twice in another case. Remove one.");
        var http = new HttpInvoker(
            fields.RequireText("method"),
            fields.RequireText("url"),
            new Dictionary<string, string>(headers, StringComparer.Ordinal),
            fields.Number("maxResponseBytes", DefaultResponseBytes, 1, MaxResponseBytes));
        fields.Done();
        return http;
    }
}
