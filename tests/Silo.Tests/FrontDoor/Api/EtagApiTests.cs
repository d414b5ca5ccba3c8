extern alias client;

using AgentRuntime.Common;
using Grpc.Core;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>What was changed since it was read is not changed again by mistake.</summary>
public sealed class EtagApiTests(FrontDoorHost host)
{
    private const string Draft = "kind: Tool\nname: pay-later\ndescription: Pays.\nrisk: write-high\neffect: idempotent\n"
        + "input: { type: object, properties: { cents: { type: integer } }, required: [cents] }\nfunction: pay\n";

    private readonly DeveloperOfAcme _of = new(host);

    [Fact]
    public async Task Agent_ChangedSinceItWasRead_IsNeitherReplacedNorDeleted()
    {
        var first = await _of.ApplyAsync("tagged", "write-high");
        Assert.Equal(first.Etag, (await _of.Agents.GetAgentAsync(new Wire.GetAgentRequest { Name = first.Name }, cancellationToken: Patience)).Etag);
        var second = await _of.ApplyAsync("tagged", "write-high", first.Etag, "Pay more.");
        Assert.Equal(2, second.Version);
        Assert.NotEqual(first.Etag, second.Etag);

        await FailsAsync(() => _of.ApplyAsync("tagged", "write-high", first.Etag, "Pay less."));
        await FailsAsync(() => DeleteAsync(first));
        Assert.Equal(2, (await _of.Agents.GetAgentAsync(new Wire.GetAgentRequest { Name = first.Name }, cancellationToken: Patience)).Version);
        await DeleteAsync(second);
        await FailsAsync(() => _of.ApplyAsync("tagged", "write-high", second.Etag, "Pay less."));
    }

    [Fact]
    public async Task Agent_ChangeThatIsRepeated_IsTheVersionThatItMade()
    {
        var first = await _of.ApplyAsync("repeated", "write-high");
        var second = await _of.ApplyAsync("repeated", "write-high", first.Etag, "Pay more.");

        Assert.Equal(second, await _of.ApplyAsync("repeated", "write-high", first.Etag, "Pay more."));
        await FailsAsync(() => new DeveloperOfAcme(host, "zoe").ApplyAsync("repeated", "write-high", first.Etag, "Pay more."));
        var third = await _of.ApplyAsync("repeated", "write-high", second.Etag, "Pay less.");
        await FailsAsync(() => _of.ApplyAsync("repeated", "write-high", first.Etag, "Pay more."));
        await FailsAsync(() => _of.ApplyAsync("repeated", "write-high", first.Etag, "Pay less."));
        await DeleteAsync(third);
        await FailsAsync(() => _of.ApplyAsync("repeated", "write-high", second.Etag, "Pay less."));
    }

    [Fact]
    public async Task Tool_PublicationThatIsRepeated_IsTheVersionThatItPublished()
    {
        var reviewer = host.Client("rita", Roles.ToolReviewer).Tools;
        var draft = await _of.Tools.RegisterToolAsync(
            new Wire.RegisterToolRequest { Parent = "tenants/acme", Manifest = Draft.Replace("pay-later", "pay-once-more", StringComparison.Ordinal) }, cancellationToken: Patience);
        var published = await PublishAsync(reviewer, draft, draft.Etag);

        Assert.Equal(published, await PublishAsync(reviewer, draft, draft.Etag));
        await FailsAsync(() => PublishAsync(host.Client("rob", Roles.ToolReviewer).Tools, draft, draft.Etag));
        await BlockAsync(reviewer, published);
        await FailsAsync(() => PublishAsync(reviewer, draft, draft.Etag));
    }

    [Fact]
    public async Task Agent_ThatIsNotThere_HasNoEtag() => await FailsAsync(() => _of.ApplyAsync("untagged", "write-high", "1-0123456789abcdef"));

    [Fact]
    public async Task Tool_ChangedSinceItWasRead_IsNeitherPublishedNorBlocked()
    {
        var reviewer = host.Client("rita", Roles.ToolReviewer).Tools;
        var draft = await _of.Tools.RegisterToolAsync(new Wire.RegisterToolRequest { Parent = "tenants/acme", Manifest = Draft }, cancellationToken: Patience);
        await FailsAsync(() => PublishAsync(reviewer, draft, "0123456789abcdef"));
        var published = await PublishAsync(reviewer, draft, draft.Etag);
        Assert.NotEqual(draft.Etag, published.Etag);

        await FailsAsync(() => BlockAsync(reviewer, draft));
        var blocked = await BlockAsync(reviewer, published);
        Assert.Equal("checked", blocked.BlockedReason);
        await FailsAsync(() => UnblockAsync(reviewer, published));
        Assert.False((await UnblockAsync(reviewer, blocked)).HasBlockedReason);
    }

    [Fact]
    public async Task Tenant_ChangedSinceItWasRead_IsNeitherSuspendedNorReleased()
    {
        var operators = host.Client(null, "olga", [Roles.PlatformOperator]).Tenants;
        var read = await operators.CreateTenantAsync(new Wire.CreateTenantRequest { TenantId = "tagged", Settings = new Wire.TenantSettings { DisplayName = "Tagged" } }, cancellationToken: Patience);
        await FailsAsync(async () => await operators.SuspendTenantAsync(Suspend(read, "stale"), cancellationToken: Patience));
        var suspended = await operators.SuspendTenantAsync(Suspend(read, read.Etag), cancellationToken: Patience);
        Assert.Equal("unpaid", suspended.SuspendedReason);

        await FailsAsync(async () => await operators.ReleaseTenantAsync(Release(read, read.Etag), cancellationToken: Patience));
        Assert.False((await operators.ReleaseTenantAsync(Release(read, suspended.Etag), cancellationToken: Patience)).HasSuspendedReason);
        Assert.True((await operators.SuspendTenantAsync(Suspend(read, ""), cancellationToken: Patience)).HasSuspendedReason);

        static Wire.SuspendTenantRequest Suspend(Wire.Tenant tenant, string etag) => new() { Name = tenant.Name, Reason = "unpaid", Etag = etag };
        static Wire.ReleaseTenantRequest Release(Wire.Tenant tenant, string etag) => new() { Name = tenant.Name, Reason = "paid", Etag = etag };
    }

    private static Task FailsAsync(Func<Task> call) => RpcAssert.FailsAsync(StatusCode.FailedPrecondition, call);

    private async Task DeleteAsync(Wire.Agent agent) =>
        await _of.Agents.DeleteAgentAsync(new Wire.DeleteAgentRequest { Name = agent.Name, Etag = agent.Etag }, cancellationToken: Patience);

    private static async Task<Wire.Tool> PublishAsync(Wire.Tools.ToolsClient reviewer, Wire.Tool tool, string etag) =>
        await reviewer.PublishToolAsync(new Wire.PublishToolRequest { Name = tool.Name, ContractHash = tool.ContractHash, Etag = etag }, cancellationToken: Patience);

    private static async Task<Wire.Tool> BlockAsync(Wire.Tools.ToolsClient reviewer, Wire.Tool tool) =>
        await reviewer.BlockToolAsync(new Wire.BlockToolRequest { Name = tool.Name, Reason = "checked", Etag = tool.Etag }, cancellationToken: Patience);

    private static async Task<Wire.Tool> UnblockAsync(Wire.Tools.ToolsClient reviewer, Wire.Tool tool) =>
        await reviewer.UnblockToolAsync(new Wire.UnblockToolRequest { Name = tool.Name, Reason = "checked", Etag = tool.Etag }, cancellationToken: Patience);
}
