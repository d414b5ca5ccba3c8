using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(AgentRuntime.Silo.Tests.Mcp.McpHost))]

namespace AgentRuntime.Silo.Tests.Mcp;

/// <summary>A silo whose platform has the three public servers, each as a process, and a folder for their files.</summary>
public sealed class McpHost : IAsyncLifetime
{
    public const string Everything = "everything";
    public const string Files = "files";
    public const string Memory = "memory";

    private readonly ScratchFolder _folder = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private RunSilo? _silo;

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
        _folder.Dispose();
    }

    internal static void AddProcess(McpOptions options, string name, params string[] command)
    {
        var server = new McpServerOptions { Tenants = { RunCast.Tenant.Value } };
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
            options.Servers[Memory].Environment["MEMORY_FILE_PATH"] = Path.Combine(_folder.Path, "memory-{tenant}.jsonl");
        }));
        await silo.SetUpAsync(RunCast.Tenant);
        return silo;
    }
}
