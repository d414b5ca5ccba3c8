extern alias client;

using AgentRuntime.Common;
using AgentRuntime.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Embedded;

/// <summary>The runtime within a program: its client, who that speaks as, and what a start declares.</summary>
public sealed class EmbeddedRuntimeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Client_AskedBeforeTheStart_AnswersOnceTheRuntimeServes()
    {
        await using var program = new EmbeddedProgram(_folder.Path);
        var early = program.StartRunAsync();
        Assert.False(early.IsCompleted);

        await program.StartAsync();

        Assert.Equal("tenants/acme/agents/pays", (await early.WaitAsync(Patience, TestContext.Current.CancellationToken)).Agent);
    }

    [Fact]
    public async Task Client_AfterTheStop_IsUnavailable()
    {
        await using var program = new EmbeddedProgram(_folder.Path);
        await program.StartAsync();
        await program.StartRunAsync();
        await program.StopAsync();

        var fault = await Assert.ThrowsAsync<RpcException>(() => program.StartRunAsync());
        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
    }

    [Fact]
    public async Task Watch_CancelledByItsCaller_IsCancelled()
    {
        await using var program = new EmbeddedProgram(_folder.Path);
        await program.StartAsync();
        var run = (await program.StartRunAsync()).Name;
        await program.WaitForApprovalAsync(run);
        using var cancelled = new CancellationTokenSource();
        var watch = program.Client.WaitForRunAsync(run, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    /// <summary>A web server waits for its requests before anything else stops; one of them waits for a run that waits for a person.</summary>
    [Fact]
    public async Task Stop_OfAProgramWhoseRequestsWatch_TakesNoTime()
    {
        var watching = new WatchesUntilStopped();
        await using var program = new EmbeddedProgram(_folder.Path, also: services => services.AddHostedService(_ => watching));
        await program.StartAsync();
        var run = (await program.StartRunAsync()).Name;
        await program.WaitForApprovalAsync(run);
        watching.Requests.Add(program.Client.WaitForRunAsync(run, CancellationToken.None));
        watching.Requests.Add(program.Client.WatchApprovalsAsync("tenants/acme", CancellationToken.None).CountAsync(CancellationToken.None).AsTask());

        await program.StopAsync().WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        Assert.All(watching.Requests, request => Assert.True(request.IsCanceled, $"{request.Status} {request.Exception}"));
    }

    [Fact]
    public async Task Approval_OfTheProgramItself_IsRefused_OfAPerson_PaysOnce()
    {
        await using var program = new EmbeddedProgram(_folder.Path);
        await program.StartAsync();
        var run = (await program.StartRunAsync()).Name;
        var approval = await program.WaitForApprovalAsync(run);
        using var developer = program.Runtime.CreateClient("dave", Roles.Developer);
        using var anna = program.Runtime.CreateClient("anna", Roles.Approver);

        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => ApproveAsync(program.Client, approval))).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => ApproveAsync(developer, approval))).StatusCode);
        await ApproveAsync(anna, approval);

        var records = new List<string>();
        await foreach (var record in program.Client.WatchRunAsync(run, cancellationToken: TestContext.Current.CancellationToken)) records.Add(record.Type);
        Assert.Equal("run.completed", records[^1]);
        Assert.Equal([5], program.Paid);
    }

    [Fact]
    public async Task Client_LargestInput_TravelsBothWays()
    {
        var input = new string('x', 1024 * 1024);
        await using var program = new EmbeddedProgram(_folder.Path);
        await program.StartAsync();

        var run = await program.StartRunAsync(input);
        var first = await program.Client.WatchRunAsync(run.Name, cancellationToken: TestContext.Current.CancellationToken)
            .FirstAsync(TestContext.Current.CancellationToken);

        Assert.Contains(input, first.PayloadJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_NamesAnotherTenant_IsRefused()
    {
        await using var program = new EmbeddedProgram(_folder.Path);
        await program.StartAsync();

        var fault = await Assert.ThrowsAsync<RpcException>(async () => await program.Client.Agents.ListAgentsAsync(
            new() { Parent = "tenants/globex" }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
    }

    [Fact]
    public async Task Start_ToolThatSomebodyBlocked_StaysBlockedAndStopsNothing()
    {
        await using (var program = new EmbeddedProgram(_folder.Path))
        {
            await program.StartAsync();
            using var rita = program.Runtime.CreateClient("rita", Roles.ToolReviewer);
            await rita.Tools.BlockToolAsync(
                new() { Name = "tenants/acme/tools/pay", Reason = "pays too much" }, cancellationToken: TestContext.Current.CancellationToken);
        }

        var (agent, tool) = await DeclareAsync("Pay well.");
        Assert.Equal((1, "pays too much"), (agent.Version, tool.BlockedReason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna|person|rita")]
    [InlineData("an\u202Ena")]
    public async Task CreateClient_NameThatCouldPassForAnother_IsRefused(string person)
    {
        await using var program = new EmbeddedProgram(_folder.Path);
        Assert.Throws<InvalidInputException>(() => program.Runtime.CreateClient(person, Roles.Approver));
    }

    [Fact]
    public async Task CreateClient_PlatformOperator_IsRefused()
    {
        await using var program = new EmbeddedProgram(_folder.Path);
        Assert.Throws<InvalidInputException>(() => program.Runtime.CreateClient("olga", Roles.PlatformOperator));
    }

    [Fact]
    public async Task Start_OtherModelWhileTheOldVersionRuns_NamesTheCause()
    {
        await using var old = new EmbeddedProgram(_folder.Path);
        await old.StartAsync();
        await using var other = new EmbeddedProgram(_folder.Path, model: "thriftier");

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(other.StartAsync);

        Assert.StartsWith("agent pays: model thriftier is not registered. Registered: payer.", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("a new version is started after all of the old one have stopped.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SameDeclarations_MakeNoNewVersion_OtherOnesDo()
    {
        var first = await DeclareAsync("Pay.");
        var same = await DeclareAsync("Pay.");
        var other = await DeclareAsync("Pay well.");

        Assert.Equal((1, 1, 2), (first.Agent.Version, same.Agent.Version, other.Agent.Version));
        Assert.Equal(first.Tool, same.Tool);
        Assert.Equal(first.Tool, other.Tool);
        Assert.EndsWith("|service|host", first.Tool.PublishedBy, StringComparison.Ordinal);
        Assert.StartsWith("urn:agentruntime:host:", first.Tool.PublishedBy, StringComparison.Ordinal);
    }

    private sealed class WatchesUntilStopped : IHostedService
    {
        public List<Task> Requests { get; } = [];

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken) => await Task.WhenAll(Requests).ContinueWith(
            static all => all.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).WaitAsync(Patience, cancellationToken);
    }

    private static async Task ApproveAsync(AgentRuntimeClient client, string approval) =>
        await client.Approvals.DecideApprovalAsync(new() { Name = approval, Verdict = Wire.ApprovalVerdict.Approve, Reason = "checked" });

    private async Task<(Wire.Agent Agent, Wire.Tool Tool)> DeclareAsync(string instructions)
    {
        await using var program = new EmbeddedProgram(_folder.Path, instructions);
        await program.StartAsync();
        return (await program.Client.Agents.GetAgentAsync(new() { Name = "tenants/acme/agents/pays" }),
            await program.Client.Tools.GetToolAsync(new() { Name = "tenants/acme/tools/pay" }));
    }
}
