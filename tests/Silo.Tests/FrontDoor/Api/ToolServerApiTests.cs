extern alias client;

using AgentRuntime.Common;
using Google.Protobuf;
using Grpc.Core;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>What the API says to who would like it to run something.</summary>
public sealed class ToolServerApiTests(FrontDoorHost host)
{
    private const string Entry = "0000000000000000000000000000000000000000000000000000000000000000";

    private readonly Wire.Tools.ToolsClient _tools = host.Client("dave", Roles.Developer).Tools;

    [Theory]
    [InlineData("command: [/bin/sh, -c, id]")]
    [InlineData("url: https://evil.example/mcp")]
    [InlineData("env: { A: b }")]
    [InlineData("uid: 0")]
    public async Task RegisterTool_ManifestThatSaysWhatToRun_IsRefused(string line)
    {
        var fault = await RpcAssert.FailsAsync(StatusCode.InvalidArgument, () => RegisterAsync($"mcp: {{ server: files, entry: '{Entry}', {line} }}"));
        Assert.Contains($"'{line[..line.IndexOf(':', StringComparison.Ordinal)]}' is not part of a contract", fault.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers", fault.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/sh -c id")]
    [InlineData("npx -y some-server")]
    [InlineData("https://evil.example/mcp")]
    [InlineData("../files")]
    [InlineData("")]
    public async Task Server_ThatIsACommand_IsRefused(string server)
    {
        await RpcAssert.RefusesAsync("server", () => ImportAsync(server));
        await RpcAssert.RefusesAsync("invoker.server", () => RegisterAsync(new Wire.McpInvoker { Server = server, EntryHash = Entry }));
    }

    [Fact]
    public async Task RegisterTool_FieldThatIsNotKnown_IsRefusedRatherThanDropped()
    {
        var known = new Wire.McpInvoker { Server = "files", EntryHash = Entry };

        // Field 3, as a client would send a command that it believes in.
        var more = Wire.McpInvoker.Parser.ParseFrom([.. known.ToByteArray(), 0x1a, 7, .. "/bin/sh"u8]);

        await RpcAssert.RefusesAsync("contract.mcp", () => RegisterAsync(more));
    }

    [Fact]
    public async Task Server_ThatIsNotConfigured_IsNotFound()
    {
        await RpcAssert.FailsAsync(StatusCode.NotFound, () => ImportAsync("files"));
        await RpcAssert.FailsAsync(StatusCode.NotFound, () => RegisterAsync(new Wire.McpInvoker { Server = "files", EntryHash = Entry }));
        var pay = new Wire.CompareWithServerRequest { Name = "tenants/acme/tools/pay" };
        await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => _tools.CompareWithServerAsync(pay, cancellationToken: Patience).ResponseAsync);
    }

    [Fact]
    public async Task ImportFromServer_WishThatCannotBe_IsRefused()
    {
        var timeout = new Wire.ImportFromServerRequest { Parent = "tenants/acme", Server = "files", TimeoutMs = 600_001 };
        await RpcAssert.RefusesAsync("timeout_ms", () => _tools.ImportFromServerAsync(timeout, cancellationToken: Patience).ResponseAsync);
        var classes = new Wire.ImportFromServerRequest { Parent = "tenants/acme", Server = "files", DataClasses = { "No Class" } };
        await RpcAssert.RefusesAsync("data_classes", () => _tools.ImportFromServerAsync(classes, cancellationToken: Patience).ResponseAsync);
    }

    [Theory]
    [InlineData(Roles.Agent)]
    [InlineData(Roles.Auditor)]
    public async Task ImportFromServer_WithoutTheRole_IsRefused(string role)
    {
        var request = new Wire.ImportFromServerRequest { Parent = "tenants/acme", Server = "files" };
        await RpcAssert.FailsAsync(
            StatusCode.PermissionDenied, () => host.Client("eve", role).Tools.ImportFromServerAsync(request, cancellationToken: Patience).ResponseAsync);
    }

    private Task ImportAsync(string server) =>
        _tools.ImportFromServerAsync(new Wire.ImportFromServerRequest { Parent = "tenants/acme", Server = server }, cancellationToken: Patience).ResponseAsync;

    private async Task RegisterAsync(Wire.McpInvoker mcp)
    {
        var contract = (await _tools.GetToolAsync(new Wire.GetToolRequest { Name = "tenants/acme/tools/pay" }, cancellationToken: Patience)).Contract;
        contract.Mcp = mcp;
        await _tools.RegisterToolAsync(new Wire.RegisterToolRequest { Parent = "tenants/acme", ToolId = "launched", Contract = contract }, cancellationToken: Patience);
    }

    private Task RegisterAsync(string invoker) => _tools.RegisterToolAsync(
        new Wire.RegisterToolRequest
        {
            Parent = "tenants/acme",
            Manifest = $"kind: Tool\nname: launched\ndescription: Runs.\nrisk: write-high\neffect: at-most-once\ninput: {{ type: object }}\n{invoker}\n",
        },
        cancellationToken: Patience).ResponseAsync;
}
