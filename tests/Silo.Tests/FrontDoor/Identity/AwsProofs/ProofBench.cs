using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Proofs;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.Identity.Issuers;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.AwsProofs;

/// <summary>A cluster's reader of proofs, which asks a double of STS that verifies signatures, on a clock that can be moved.</summary>
internal sealed class ProofBench : IAsyncDisposable
{
    public const string Cluster = "c1";

    private readonly ScratchFolder _folder = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<IDisposable> _owned = [];
    private readonly AwsPrincipals _principals;
    private readonly FrontDoorPlace _place;
    private DataFolder _data = null!;

    private ProofBench(StsDouble sts)
    {
        Sts = sts;
        _principals = AwsPrincipals.Read(Options(sts));
        _place = new FrontDoorPlace(_folder.Path, Cluster, 0);
        var factory = _metrics.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Outcomes.Enqueue((string)tags[0].Value!));
        _listener.Start();
    }

    public StsDouble Sts { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2036, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public AwsProofReader Reader { get; private set; } = null!;

    public SessionTokens Sessions => new(new SessionKey(_data.DeriveKey(SessionKey.Purpose)), _principals, _place, Time);

    /// <summary>What the operator is told of each proof.</summary>
    public ConcurrentQueue<string> Outcomes { get; } = [];

    public static async Task<ProofBench> StartAsync()
    {
        var bench = new ProofBench(await StsDouble.StartAsync());
        bench._data = await DataFolder.OpenAsync(bench._folder.Path, null, Cluster, TimeProvider.System, TestContext.Current.CancellationToken);
        bench.Reader = bench.NewSilo();
        return bench;
    }

    /// <summary>The reader of another silo of the cluster.</summary>
    public AwsProofReader NewSilo()
    {
        // A busy file is waited for, and this clock stands still; what it holds lies in the other clock's future.
        var used = new SqliteUsedProofs(_data, TimeProvider.System);
        var sts = new StsRequests(_principals);
        _owned.AddRange([used, sts]);
        return new AwsProofReader(_principals, sts, used, _place, new ProofInstruments(_metrics.GetRequiredService<IMeterFactory>(), NullLogger<ProofInstruments>.Instance), Time);
    }

    public ProofDraft Draft(string key = StsDouble.AppKey) => new(Cluster, Time.GetUtcNow(), key) { Headers = { ["x-agentruntime-tenant"] = "acme" } };

    public async Task<Caller> ReadAsync(string proof, string? tenant = "acme", string from = "10.0.0.1", AwsProofReader? silo = null) =>
        (await (silo ?? Reader).ReadAsync(proof, tenant, IPAddress.Parse(from), TestContext.Current.CancellationToken)).Caller;

    /// <summary>The proof is refused in the one form of all refusals, and the operator is told why.</summary>
    public async Task RefusesAsync(string reason, string proof, string? tenant = "acme", AwsProofReader? silo = null)
    {
        Outcomes.Clear();
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => ReadAsync(proof, tenant, silo: silo));
        Assert.Equal((ErrorCode.Unauthenticated, reason), (fault.Code, Assert.Single(Outcomes)));
        Assert.Equal("credential: the proof does not hold; sign a new one for this cluster, and ask its operator if that is refused, too.", fault.Message);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var owned in _owned) owned.Dispose();
        await _metrics.DisposeAsync();
        await Sts.DisposeAsync();
        _folder.Dispose();
    }

    private static IdentityOptions Options(StsDouble sts)
    {
        var options = new IdentityOptions { Sts = { Endpoint = sts.Endpoint, Regions = { "eu-central-1" } } };
        options.AwsPrincipals["app"] = new AwsPrincipalOptions { Role = $"arn:aws:iam::{StsDouble.Account}:role/app", Tenants = { "acme", "beta" }, Roles = { "agent" } };
        options.AwsPrincipals["ops"] = new AwsPrincipalOptions { Role = $"arn:aws:iam::{StsDouble.Account}:role/platform/ops", Platform = true };
        return options;
    }
}
