using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Mcp.Children;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(AgentRuntime.Silo.Tests.Mcp.McpHost))]

namespace AgentRuntime.Silo.Tests.Mcp;

/// <summary>A silo whose platform has the three public servers and the tests' own, each as a process.</summary>
public sealed class McpHost : IAsyncLifetime
{
    public const string Everything = "everything";
    public const string Files = "files";
    public const string Memory = "memory";

    /// <summary>A server with tools that cannot all be.</summary>
    public const string Clash = "clash";

    public static readonly string LongName = "Long_" + new string('n', 100);

    /// <summary>A tenant that has no tools but those that a test imports.</summary>
    internal static readonly TenantId Fresh = TenantId.Parse("fresh");

    /// <summary>A tenant that has the same servers as the others.</summary>
    internal static readonly TenantId Beside = TenantId.Parse("beside");

    /// <summary>A server of files whose folder has the data folder in it, and which runs as another user. Only where there can be one.</summary>
    public const string Above = "above";

    private const int Nobody = 65_534;

    private readonly ScratchFolder _folder = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly OwnServer _clash = new(
        OwnServer.Tool("get_x"), OwnServer.Tool("get-x"), OwnServer.Tool("Get X"), OwnServer.Tool("twice"), OwnServer.Tool("twice", "Another."), OwnServer.Tool("taken"),
        new JsonObject { ["name"] = "no-schema" }, OwnServer.Tool("odd-keyword", schema: """{"type":"object","x-odd":true}"""), OwnServer.Tool("odd-root", schema: "{}"),
        OwnServer.Tool("na\u00efve"), OwnServer.Tool(""), OwnServer.Tool(LongName), OwnServer.Tool("dir/Read File", "one\r\ntwo"), OwnServer.Tool("silent", ""));

    private RunSilo? _silo;

    /// <summary>The tests' own server.</summary>
    internal OwnServer Own { get; } = new(OwnServer.Tool("stumble"), OwnServer.Tool("die"));

    /// <summary>Where the server files may read and write.</summary>
    internal string Folder => Path.Combine(_folder.Path, "files");

    internal string DataFolder => Path.Combine(_folder.Path, "data");

    /// <summary>The silo, started when a test first asks, so that a machine without npm skips the tests and nothing else.</summary>
    internal async Task<RunSilo> SiloAsync()
    {
        var modules = await NodePackages.RequireAsync();
        await _starting.WaitAsync();
        try
        {
            return _silo ??= await StartAsync(modules);
        }
        finally
        {
            _starting.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        Own.Dispose();
        _clash.Dispose();
        _folder.Dispose();
    }

    internal static void AddProcess(McpOptions options, string name, params string[] command)
    {
        var server = new McpServerOptions { Tenants = { RunCast.Tenant.Value, Fresh.Value, Beside.Value } };
        foreach (var word in command) server.Command.Add(word);
        options.Servers[name] = server;
    }

    internal static string Program(string modules, string server) => Path.Combine(modules, "@modelcontextprotocol", server, "dist", "index.js");

    private async Task<RunSilo> StartAsync(string modules)
    {
        Directory.CreateDirectory(Folder);
        var node = NodePackages.Program();
        var silo = await RunSilo.StartAsync(DataFolder, new RunScripts(), services => services.Configure<McpOptions>(options =>
        {
            AddProcess(options, Everything, node, Program(modules, "server-everything"), "stdio");
            AddProcess(options, Files, node, Program(modules, "server-filesystem"), Folder);
            AddProcess(options, Memory, node, Program(modules, "server-memory"));
            if (ChildCommand.WhyNoUid() is null)
            {
                AddProcess(options, Above, node, Program(modules, "server-filesystem"), _folder.Path);
                options.Servers[Above].Uid = Nobody;
            }

            options.Servers[OwnServer.Name] = Own.Options();
            options.Servers[Clash] = _clash.Options();
            options.Servers[Memory].Environment["MEMORY_FILE_PATH"] = Path.Combine(_folder.Path, "memory-{tenant}.jsonl");
        }));
        await silo.SetUpAsync(RunCast.Tenant);
        return silo;
    }
}
