extern alias client;

using AgentRuntime.Common;
using AgentRuntime.Testing;
using Grpc.Core;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Two silos: what becomes of work on one whose caller at the door of the other has gone.</summary>
public sealed class CancellationTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ScratchFolder _folder = new();
    private HeldSilo _door = null!;
    private HeldSilo _other = null!;
    private AgentRuntimeClient _caller = null!;
    private int _runs;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _door = await HeldSilo.StartAsync(_folder.Path);
        _other = await HeldSilo.StartAsync(_folder.Path);
        _caller = _door.Client("acme", Roles.Developer);
        await _door.Client(null, Roles.PlatformOperator).Tenants.CreateTenantAsync(
            new Wire.CreateTenantRequest { TenantId = "acme", Settings = new Wire.TenantSettings { DisplayName = "Acme" } });
        await _caller.Agents.ApplyAgentAsync(new Wire.ApplyAgentRequest
        {
            Parent = "tenants/acme",
            Manifest = $"kind: Agent\nname: listener\ninstructions: Listen.\nmodel: {ListeningModel.Name}\nriskScope: read\n",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _other.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_HeldOnAnotherSilo_StopsWhenItsCallerCancels()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (hold, reading) = await HoldAsync(run => GetAsync(run, null, leave.Token));

        await leave.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => reading);
        await hold.Cancelled.WaitAsync(Patience, Stop);
        AssertNoErrors();
    }

    [Fact]
    public async Task Read_HeldOnAnotherSilo_StopsWhenItsDeadlinePasses()
    {
        var (hold, reading) = await HoldAsync(run => GetAsync(run, TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(2), Stop));

        var fault = await Assert.ThrowsAsync<RpcException>(() => reading);
        Assert.Equal(StatusCode.DeadlineExceeded, fault.StatusCode);
        await hold.Cancelled.WaitAsync(Patience, Stop);
        AssertNoErrors();
    }

    [Fact]
    public async Task Write_QueuedBehindOneThatIsHeld_IsNotBegunWhenItsCallerHasLeft()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (run, held) = await HoldWriteAsync();
        var queued = SendAsync(run, "of one who leaves", leave.Token);
        Assert.True(await _other.Sends.ArrivalAsync(Patience, Stop));
        var behind = SendAsync(run, "of one who stays", Stop);
        Assert.True(await _other.Sends.ArrivalAsync(Patience, Stop));

        await leave.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => queued);
        await _other.Sends.Left.WaitAsync(Patience, Stop);
        Release();

        await Task.WhenAll(held, behind);
        await SendAsync(run, ListeningModel.End, Stop);
        var said = new List<string>();
        await foreach (var record in _caller.WatchRunAsync(run, cancellationToken: Stop))
            if (record.Type == "input.received") said.Add(record.PayloadJson);
        Assert.Equal(3, said.Count);
        Assert.DoesNotContain(said, input => input.Contains("who leaves", StringComparison.Ordinal));
        AssertNoErrors();
    }

    /// <summary>Makes a call for a run that the other silo looks up, and holds it there. Where a run's grain lives is left to chance.</summary>
    private async Task<(HeldJournal.Hold Hold, Task Call)> HoldAsync(Func<string, Task> call)
    {
        while (true)
        {
            var run = await StartAsync();
            var (here, there) = (_door.Journal.HoldLoads(), _other.Journal.HoldLoads());
            var calling = call(run);
            if (await Task.WhenAny(here.Reached, there.Reached, calling).WaitAsync(Patience, Stop) == there.Reached) return (there, calling);
            Release();
            await calling;
        }
    }

    /// <summary>Gives input to a run that the other silo writes, and holds it there.</summary>
    private async Task<(string Run, Task Call)> HoldWriteAsync()
    {
        while (true)
        {
            var run = await StartAsync();
            var (here, there) = (_door.Journal.HoldAppends(), _other.Journal.HoldAppends());
            var sending = SendAsync(run, "of one who is held", Stop);
            var first = await Task.WhenAny(here.Reached, there.Reached).WaitAsync(Patience, Stop);
            var seen = first == there.Reached ? _other.Sends : _door.Sends;
            Assert.True(await seen.ArrivalAsync(Patience, Stop));
            if (first == there.Reached) return (run, sending);
            Release();
            await sending;
        }
    }

    private void Release()
    {
        _door.Journal.Release();
        _other.Journal.Release();
    }

    /// <summary>A run that has asked for input and sleeps.</summary>
    private async Task<string> StartAsync()
    {
        Assert.True(++_runs <= 40, "forty runs, and none lives on the other silo");
        var run = await _caller.Runs.StartRunAsync(
            new Wire.StartRunRequest { Parent = "tenants/acme", Agent = "tenants/acme/agents/listener", Input = "hello", RequestId = $"held-{_runs}" }, cancellationToken: Stop);
        await foreach (var record in _caller.WatchRunAsync(run.Name, cancellationToken: Stop))
            if (record.Type == "model.replied") break;
        return run.Name;
    }

    private Task GetAsync(string run, DateTime? deadline, CancellationToken cancellation) =>
        _caller.Runs.GetRunAsync(new Wire.GetRunRequest { Name = run }, deadline: deadline, cancellationToken: cancellation).ResponseAsync;

    private Task SendAsync(string run, string input, CancellationToken cancellation) => _caller.Runs.SendInputAsync(
        new Wire.SendInputRequest { Name = run, Input = input, RequestId = input.Replace(' ', '-') }, cancellationToken: cancellation).ResponseAsync;

    private void AssertNoErrors()
    {
        Assert.Empty(_door.Errors.All);
        Assert.Empty(_other.Errors.All);
    }
}
