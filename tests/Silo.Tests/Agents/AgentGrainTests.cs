using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Silo.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Agents;

public sealed class AgentGrainTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    [Fact]
    public async Task Apply_SameThenChanged_KeepsAndAddsVersions()
    {
        var agent = Agent("versions");
        var first = await agent.ApplyAsync(Definition(), RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);
        var again = await agent.ApplyAsync(Definition(), RunningSilo.Person("other", Roles.Developer), cancellation: TestContext.Current.CancellationToken);
        var second = await agent.ApplyAsync(Definition() with { Instructions = "Else." }, RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);
        await silo.ForgetAsync();

        Assert.Equal((1, 1, 2), (first.Version, again.Version, second.Version));
        Assert.Equal(first.PublishedBy, again.PublishedBy);
        Assert.Equal("Do it.", (await agent.GetAsync(1, TestContext.Current.CancellationToken))!.Definition.Instructions);
        Assert.Equal(second.Hash, (await agent.GetAsync(0, TestContext.Current.CancellationToken))!.Hash);
        Assert.Equal(AgentDefinitionHash.Compute((await agent.GetAsync(2, TestContext.Current.CancellationToken))!.Definition), second.Hash);
        Assert.Null(await agent.GetAsync(3, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Apply_ToolWithoutHash_PinsThePublishedContract()
    {
        var published = await silo.AddToolAsync("pinned", publish: true);
        await silo.AddToolAsync("pinned", publish: false, description: "A newer draft.");
        var agent = Agent("pins");

        var version = await agent.ApplyAsync(Definition("pinned"), RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(new AgentTool("pinned", published.Hash), Assert.Single(version.Definition.Tools));
        await silo.AddToolAsync("pinned", publish: true, description: "A newer draft.");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await agent.ApplyAsync(Definition("pinned"), RunningSilo.Author, cancellation: TestContext.Current.CancellationToken)).Version == 1) await timer.WaitForNextTickAsync(deadline.Token);
        Assert.NotEqual(published.Hash, (await agent.GetAsync(0, TestContext.Current.CancellationToken))!.Definition.Tools[0].ContractHash);
    }

    [Fact]
    public async Task Apply_Refused_NamesAgentAndCulpritAndStoresNothing()
    {
        await silo.AddToolAsync("draft", publish: false);
        await silo.AddToolAsync("wipe", publish: true, RiskLevel.Critical);
        await silo.AddToolAsync("cleared", publish: true);

        await RefusedAsync(Definition("nowhere"), ErrorCode.NotFound, "agent refused: tool nowhere is not registered");
        await RefusedAsync(Definition("draft"), ErrorCode.PolicyDenied, "agent refused: tool draft is a draft");
        await RefusedAsync(Definition("wipe"), ErrorCode.PolicyDenied, "agent refused: tool wipe has risk level critical, above the agent's risk scope write");
        await RefusedAsync(
            Definition("cleared") with { DataClasses = ["health"] }, ErrorCode.PolicyDenied, "agent refused: model any is not cleared for data class health");
        await RefusedAsync(Definition() with { Model = "gone" }, ErrorCode.NotFound, "agent refused: model gone is not registered. Registered: any");
        await RefusedAsync(
            Definition() with { Tools = [new AgentTool("cleared", new string('0', 64))] }, ErrorCode.NotFound, "agent refused: tool cleared has no contract 000");
        await RefusedAsync(Definition() with { Instructions = new string('x', 70_000) }, ErrorCode.InvalidArgument, "instructions: must be at most 65536 bytes");
        Assert.Null(await Agent("refused").GetAsync(0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Apply_CallerOfAnotherTenant_Refused()
    {
        var stranger = RunningSilo.Author with { Tenant = TenantId.Parse("other") };

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => Agent("foreign").ApplyAsync(Definition(), stranger, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.PermissionDenied, refused.Code);
    }

    [Fact]
    public async Task Delete_ThenApply_HidesAndBringsBack()
    {
        var (agent, directory) = (Agent("deleted"), silo.Services.GetRequiredService<AgentDirectory>());
        await agent.ApplyAsync(Definition(), RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);
        Assert.True(await agent.DeleteAsync(RunningSilo.Author, cancellation: TestContext.Current.CancellationToken));
        Assert.False(await agent.DeleteAsync(RunningSilo.Author, cancellation: TestContext.Current.CancellationToken));

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(async () => await directory.RequireStartableAsync(
            RunningSilo.Tenant, AgentId.Parse("deleted"), 0, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.NotFound, refused.Code);
        Assert.NotNull(await directory.GetAsync(RunningSilo.Tenant, AgentId.Parse("deleted"), 1, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(AgentId.Parse("deleted"), await Index.ListAsync(null, 1_000, TestContext.Current.CancellationToken));

        var back = await agent.ApplyAsync(Definition(), RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((1, false), (back.Version, back.Deleted));
        Assert.Contains(AgentId.Parse("deleted"), await Index.ListAsync(null, 1_000, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Apply_AgainWithTheEtagOfTheDeletedVersionThatItBroughtBack_ReturnsThatVersion()
    {
        var agent = Agent("brought-back");
        await agent.ApplyAsync(Definition(), RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);
        await agent.DeleteAsync(RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);
        var read = (await agent.GetAsync(0, TestContext.Current.CancellationToken))!.Etag;
        Assert.EndsWith("-deleted", read, StringComparison.Ordinal);
        var other = RunningSilo.Person("other", Roles.Developer);

        var back = await agent.ApplyAsync(Definition(), other, read, TestContext.Current.CancellationToken);
        var again = await agent.ApplyAsync(Definition(), other, read, TestContext.Current.CancellationToken);

        Assert.Equal((1, false), (again.Version, again.Deleted));
        Assert.Equal(back.Etag, again.Etag);
        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => agent.ApplyAsync(Definition() with { Instructions = "Else." }, other, read, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
    }

    [Fact]
    public async Task List_Pages_InOrder()
    {
        foreach (var name in new[] { "zz-c", "zz-a", "zz-b" }) await Agent(name).ApplyAsync(Definition(), RunningSilo.Author, cancellation: TestContext.Current.CancellationToken);
        await silo.ForgetAsync();

        var first = await Index.ListAsync("zz", 2, TestContext.Current.CancellationToken);
        var rest = await Index.ListAsync(first[^1].Value, 2, TestContext.Current.CancellationToken);

        Assert.Equal(["zz-a", "zz-b", "zz-c"], first.Concat(rest).Select(agent => agent.Value));
    }

    private IAgentIndexGrain Index => silo.Grains.GetGrain<IAgentIndexGrain>(AgentIndexGrainKey.For(RunningSilo.Tenant));

    private IAgentGrain Agent(string name) => silo.Grains.GetGrain<IAgentGrain>(AgentGrainKey.For(RunningSilo.Tenant, AgentId.Parse(name)));

    private async Task RefusedAsync(AgentDefinition definition, ErrorCode code, string part)
    {
        var refused = await Assert.ThrowsAnyAsync<AgentRuntimeException>(() => Agent("refused").ApplyAsync(definition, RunningSilo.Author));
        Assert.Equal(code, refused.Code);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    private static AgentDefinition Definition(params string[] tools) => new(
        "Do it.", "any", [.. tools.Select(tool => new AgentTool(tool, ""))], new RunLimits(), RiskLevel.Write, ["support"], new ContextWindow());
}
