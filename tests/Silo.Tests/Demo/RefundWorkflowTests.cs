using System.Net;
using System.Net.Sockets;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Demo;
using AgentRuntime.Demo.Orders;
using AgentRuntime.Demo.Tickets;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Hosting;
using AgentRuntime.Hosting.Commands;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Demo;

public sealed class RefundWorkflowTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly Ticket Sample = new("X-1", "2026-03-02", "Ana Ruiz", "Refund", "Please refund order BW-10001.", null, null);

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("refund").FullName, "data");
    private WebApplication _app = null!;
    private DemoPeople _people = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = await AgentRuntimeHost.CreateBuilderAsync(new SiloHostOptions { DataFolder = _folder, GrpcPort = 0, HttpPort = 0, SiloPort = 0 });
        builder.Services.AddSingleton(new Announcement(json: true));
        DemoParts.Add(builder, FreePort());
        _app = builder.BuildSilo();
        await _app.StartAsync();
        _people = new DemoPeople(_app.Services.GetRequiredService<DataFolder>().Format.ClusterId, TimeProvider.System);
        await _app.Services.GetRequiredService<Helpdesk>().AddAsync([Sample]);
        await new DemoSetup(Grains, _people, _app.Services.GetRequiredService<DemoPlace>(), Orders).ApplyAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public async Task Refund_ApprovedByAnotherPerson_IsPaidOnce()
    {
        var run = Grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(DemoPeople.Tenant, RunIds.FromRequest(DemoPeople.Tenant, "r-1")));
        await run.StartAsync(new StartRun("refund", 0, "Handle the refund request of ticket X-1", "r-1", _people.App), TestContext.Current.CancellationToken);
        await WaitForAsync(run, RunStatus.WaitingForApproval);
        var approval = Assert.Single((await _app.Services.GetRequiredService<IApprovalInbox>()
            .ListAsync(DemoPeople.Tenant, ApprovalState.Pending, null, 10, TestContext.Current.CancellationToken)).Approvals);
        Assert.Equal(0, await Orders.CountRefundsAsync(TestContext.Current.CancellationToken));

        foreach (var excluded in new[] { _people.App, _people.Author with { Roles = [Roles.Approver] }, _people.Reviewer with { Roles = [Roles.Approver] } })
        {
            var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.DecideAsync(Approve(approval.Approval, excluded), TestContext.Current.CancellationToken));
            Assert.Equal(ErrorCode.PermissionDenied, refused.Code);
        }

        await run.DecideAsync(Approve(approval.Approval, _people.Author with { Subject = "carol", Person = "carol", Roles = [Roles.Approver] }), TestContext.Current.CancellationToken);
        var view = await WaitForAsync(run, RunStatus.Completed);

        Assert.Equal("Refunded. Dear Ana Ruiz, order BW-10001 has been refunded; the reference is R-00001.", view.Output);
        Assert.Equal(1, await Orders.CountRefundsAsync(TestContext.Current.CancellationToken));
    }

    private IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    private OrdersDatabase Orders => _app.Services.GetRequiredService<OrdersDatabase>();

    private static DecideApproval Approve(ApprovalId approval, Principal by) => new(approval, ApprovalVerdict.Approve, "checked", null, by);

    private static async Task<RunView> WaitForAsync(IAgentRunGrain run, RunStatus status)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        RunView? view = null;
        try
        {
            while ((view = await run.GetAsync())!.Status != status) await timer.WaitForNextTickAsync(deadline.Token);
            return view;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The run did not become {status}: {view}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
