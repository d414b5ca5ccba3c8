using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Mcp.Importing;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Mcp;

/// <summary>What people of a tenant do with the tools of a server, and calls of them past any run.</summary>
internal sealed class McpDesk(RunSilo silo, TenantId tenant)
{
    private int _calls;

    public McpDesk(RunSilo silo)
        : this(silo, RunCast.Tenant)
    {
    }

    public Task<ImportReport> ImportAsync(string server) => silo.Get<McpImporter>().ImportAsync(
        RunCast.Author with { Tenant = tenant }, tenant, server, new ImportWish([], null, null), CancellationToken.None)
        .WaitAsync(TestRun.Patience);

    /// <summary>Imports a server and publishes one of its tools, with another contract on demand.</summary>
    public async Task<ToolVersion> PublishAsync(string server, string wireName, Func<ToolContract, ToolContract>? edit = null)
    {
        var report = await ImportAsync(server);
        var draft = Assert.Single(report.Imported, tool => tool.Version.Contract.WireName == wireName).Version;
        var grain = Grain(draft.Tool);
        if (edit is not null) draft = await grain.RegisterAsync(edit(draft.Contract), RunCast.Author with { Tenant = tenant });
        return await grain.PublishAsync(draft.Hash, RunCast.Reviewer with { Tenant = tenant });
    }

    /// <summary>One attempt through the gateway.</summary>
    public async Task<ToolOutcome> CallAsync(ToolVersion tool, object arguments)
    {
        var prepared = silo.Get<ToolPreparer>().Prepare(tool);
        var now = silo.Get<TimeProvider>().GetUtcNow();
        var invocation = new ToolInvocation(
            tenant, $"{tenant}/test/1/{Interlocked.Increment(ref _calls)}", 1, tool, JsonSerializer.SerializeToElement(arguments), now.AddMilliseconds(tool.Contract.TimeoutMs));
        return await silo.Get<ToolGateway>().InvokeAsync(prepared, invocation, CancellationToken.None);
    }

    /// <summary>The result of a call that has to succeed.</summary>
    public async Task<string> OkAsync(ToolVersion tool, object arguments) =>
        await CallAsync(tool, arguments) switch
        {
            ToolOutcome.Succeeded done => done.Result,
            var outcome => throw new Xunit.Sdk.XunitException($"{tool.Tool}: {outcome}"),
        };

    public IToolGrain Grain(ToolId tool) => silo.Grains.GetGrain<IToolGrain>(ToolGrainKey.For(tenant, tool));
}
