using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Mcp;

/// <summary>
/// The server of own-server.mjs: its list of tools is a file that a test may change, and it writes down what reaches it. Everybody may enter its
/// folder, so that it can run as another user.
/// </summary>
internal sealed class OwnServer : IDisposable
{
    public const string Name = "own";

    private readonly ScratchFolder _folder = new();

    public OwnServer(params JsonObject[] tools)
    {
        Directory.CreateDirectory(Folder);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "own-server.mjs"), Script);
        File.WriteAllText(LogFile, "");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Folder, (UnixFileMode)Convert.ToInt32("755", 8));
            File.SetUnixFileMode(LogFile, (UnixFileMode)Convert.ToInt32("666", 8));
        }

        List(tools);
    }

    public string Folder => _folder.Path;

    private string Script => Path.Combine(Folder, "own-server.mjs");

    private string ListFile => Path.Combine(Folder, "list.json");

    private string LogFile => Path.Combine(Folder, "log.jsonl");

    /// <summary>An entry of the list. The server does what the name says, whatever its case.</summary>
    public static JsonObject Tool(string name, string description = "Does it.", string schema = """{"type":"object","additionalProperties":true}""") =>
        new() { ["name"] = name, ["description"] = description, ["inputSchema"] = JsonNode.Parse(schema) };

    /// <summary>Makes these the tools that the server lists from now on.</summary>
    public void List(params JsonObject[] tools) => ListRaw(new JsonArray([.. tools]).ToJsonString());

    /// <summary>As <see cref="List(JsonObject[])"/>, with escapes as they are written.</summary>
    public void ListRaw(string tools)
    {
        var next = Path.Combine(Folder, "next.json");
        File.WriteAllText(next, tools);
        File.Move(next, ListFile, overwrite: true);
    }

    /// <summary>What reached the server, in order.</summary>
    public IReadOnlyList<JsonElement> Log() => [.. File.ReadAllLines(LogFile).Where(line => line.EndsWith('}')).Select(line => JsonElement.Parse(line))];

    /// <summary>What reached the server, once one entry has a field of this name.</summary>
    public async Task<JsonElement> LoggedAsync(string field)
    {
        JsonElement? found = null;
        await Eventually.TrueAsync(
            () =>
            {
                found = Log().Where(entry => entry.TryGetProperty(field, out _)).Select(entry => (JsonElement?)entry).FirstOrDefault();
                return Task.FromResult(found is not null);
            },
            $"the server's log has '{field}'");
        return found!.Value;
    }

    /// <summary>The processes that were started, in order.</summary>
    public IReadOnlyList<int> Processes() =>
        [.. Log().Where(entry => entry.TryGetProperty("started", out _)).Select(entry => entry.GetProperty("pid").GetInt32())];

    /// <summary>The server in the platform's configuration.</summary>
    /// <param name="manner">Nothing, <c>stay</c> or <c>die</c>.</param>
    public McpServerOptions Options(string manner = "")
    {
        var options = new McpServerOptions { Tenants = { McpServerOptions.AllTenants } };
        foreach (var word in new[] { NodePackages.Program(), Script, ListFile, LogFile, manner }) options.Command.Add(word);
        return options;
    }

    public void Dispose() => _folder.Dispose();
}
