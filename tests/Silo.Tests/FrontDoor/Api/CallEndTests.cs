extern alias client;

using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Overload;
using AgentRuntime.Hosting;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Silo.Tests.FrontDoor.Identity;
using AgentRuntime.Silo.Tests.Mcp.Http;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using AgentRuntime.Tools.Http.Egress;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>What ends with a call whose caller has gone or whose time is over, and what does not.</summary>
public sealed class CallEndTests : IAsyncLifetime
{
    private const int MaxUnarySeconds = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScratchFolder _folder = new();
    private readonly HeldCatalog _catalog = new();
    private EventServer _server = null!;
    private RunSilo _silo = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await EventServer.StartAsync();
        _silo = await RunSilo.StartAsync(_folder.Path, new RunScripts(), services =>
        {
            services.AddSingleton<IRunCatalog>(_catalog);
            services.Configure<FrontDoorOptions>(options => options.MaxUnarySeconds = MaxUnarySeconds);
            services.Configure<OverloadOptions>(options => (options.ConcurrentCallsPerProcessor, options.MaxWaitMilliseconds) = (1, 100));
            services.Configure<EgressOptions>(egress =>
            {
                egress.Hosts.Add(_server.Host);
                egress.AllowPrivateHosts.Add(_server.Host);
            });
            services.Configure<McpOptions>(options => options.Servers["events"] =
                new McpServerOptions { Url = $"http://{_server.Host}/mcp", Tenants = { RunCast.Tenant.Value }, MaxBackoffSeconds = 1 });
        });
        await _silo.Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(RunCast.Tenant)).CreateAsync(new TenantSettings("Acme", 10, [_server.Host]));
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_silo.Get<SiloPorts>().Grpc}");
    }

    public async ValueTask DisposeAsync()
    {
        _catalog.Release();
        _channel.Dispose();
        await _silo.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Import_FromAServerThatHangs_IsGivenUpWhenTheCallerCancels()
    {
        var (asked, givenUp) = HangList();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var importing = ImportAsync(leave.Token);
        await asked.WaitAsync(Patience, Stop);

        await leave.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => importing)).StatusCode);
        await givenUp.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Import_FromAServerThatHangs_IsGivenUpAndSaidToHaveTakenTooLong()
    {
        var (_, givenUp) = HangList();

        await RpcAssert.FailsAsync(StatusCode.DeadlineExceeded, () => ImportAsync(Stop));

        await givenUp.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task List_ThatHangsOverJson_IsGivenUpAndSaidToHaveTakenTooLong()
    {
        var hold = _catalog.Hold(heedsToken: true);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_silo.Get<SiloPorts>().Http}/v1/tenants/acme/runs");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token());

        using var response = await http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("TIMEOUT", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await hold.Ended.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Place_OfACallWhoseCallerHasGone_IsHeldUntilItsWorkHasEnded()
    {
        var hold = _catalog.Hold(heedsToken: false);
        await FillAndLeaveAsync(hold);

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => ListAsync(Stop))).StatusCode);

        hold.Release();
        await hold.Ended.WaitAsync(Patience, Stop);
        await Eventually.TrueAsync(() => SucceedsAsync(() => ListAsync(Stop)), "a place is free");
    }

    [Fact]
    public async Task Place_OfACallWhoseCallerHasGone_IsFreeOnceItsWorkStopped()
    {
        var hold = _catalog.Hold(heedsToken: true);
        await FillAndLeaveAsync(hold);

        await hold.Ended.WaitAsync(Patience, Stop);
        _catalog.Release();

        await Eventually.TrueAsync(() => SucceedsAsync(() => ListAsync(Stop)), "a place is free");
    }

    /// <summary>Takes all places that one caller may have with calls that hang, and leaves.</summary>
    private async Task FillAndLeaveAsync(HeldCatalog.Held hold)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var places = Environment.ProcessorCount - Environment.ProcessorCount / 8;
        var calls = Enumerable.Range(0, places).Select(_ => ListAsync(leave.Token)).ToList();
        await hold.ReachedAsync(calls.Count).WaitAsync(Patience, Stop);
        await leave.CancelAsync();
        foreach (var call in calls) Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    private (Task Asked, Task GivenUp) HangList()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var givenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.BeforeList = async response =>
        {
            response.HttpContext.RequestAborted.UnsafeRegister(static gone => ((TaskCompletionSource)gone!).TrySetResult(), givenUp);
            asked.TrySetResult();
            await givenUp.Task;
        };
        return (asked.Task, givenUp.Task);
    }

    private static async Task<bool> SucceedsAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (RpcException fault) when (fault.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }

    private Task ListAsync(CancellationToken cancellation) => new Wire.Runs.RunsClient(_channel)
        .ListRunsAsync(new Wire.ListRunsRequest { Parent = "tenants/acme" }, Credential(), cancellationToken: cancellation).ResponseAsync;

    private Task ImportAsync(CancellationToken cancellation) => new Wire.Tools.ToolsClient(_channel).ImportFromServerAsync(
        new Wire.ImportFromServerRequest { Parent = "tenants/acme", Server = "events" }, Credential(), cancellationToken: cancellation).ResponseAsync;

    private Metadata Credential() => new() { { "authorization", $"Bearer {Token()}" } };

    private string Token()
    {
        var issuer = _silo.Get<DevIssuer>();
        return DevTokens.Sign(DevTokens.Header(), DevTokens.Claims(issuer.Audience, TimeProvider.System.GetUtcNow(), Roles.Developer), issuer.Key.ECDsa);
    }

    /// <summary>A catalog without runs, whose lists can be held.</summary>
    private sealed class HeldCatalog : IRunCatalog
    {
        private volatile Held? _held;

        public Held Hold(bool heedsToken) => _held = new Held(heedsToken);

        public void Release()
        {
            _held?.Release();
            _held = null;
        }

        public async Task<RunPage> ListAsync(TenantId tenant, RunQuery query, CancellationToken cancellation)
        {
            if (_held is { } held) await held.WaitAsync(cancellation);
            return new RunPage([], Next: null);
        }

        public Task<IReadOnlyDictionary<RunStatus, long>> CountAsync(TenantId tenant, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<RunStatus, long>>(new Dictionary<RunStatus, long>());

        internal sealed class Held(bool heedsToken)
        {
            private readonly Channel<bool> _reached = Channel.CreateUnbounded<bool>();
            private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
            private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            private int _inside;

            /// <summary>Nobody is held any more.</summary>
            public Task Ended => _ended.Task;

            public void Release() => _release.TrySetResult();

            public async Task ReachedAsync(int calls)
            {
                for (var i = 0; i < calls; i++) await _reached.Reader.ReadAsync();
            }

            public async Task WaitAsync(CancellationToken cancellation)
            {
                Interlocked.Increment(ref _inside);
                _reached.Writer.TryWrite(true);
                try
                {
                    await _release.Task.WaitAsync(heedsToken ? cancellation : CancellationToken.None);
                }
                finally
                {
                    if (Interlocked.Decrement(ref _inside) == 0) _ended.TrySetResult();
                }
            }
        }
    }
}
