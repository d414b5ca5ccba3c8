using AgentRuntime.Common;
using AgentRuntime.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AgentRuntime.Audit;

/// <summary>Indexes what the tenant's stream of events brings. A batch is done when all of it is durable here.</summary>
[ImplicitStreamSubscription(EventStreams.Namespace)]
internal sealed partial class AuditGrain(
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage, AuditInstruments instruments, ILogger<AuditGrain> log)
    : Grain, IAuditGrain, IStreamSubscriptionObserver, IAsyncObserver<EventBatch>
{
    private const int MaxConcurrentRuns = 16;

    private TenantId _tenant;
    private AuditIndex _index = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = AuditGrainKey.Parse(this.GetPrimaryKeyString());
        _index = new AuditIndex(new NamedStates(storage, this.GetGrainId()));
        return Task.CompletedTask;
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventBatch>().ResumeAsync(this);

    public async Task OnNextAsync(EventBatch item, StreamSequenceToken? token = null)
    {
        EventBatchRules.Require(item, _tenant);
        foreach (var runs in EventBatchRules.ByRun(item).Chunk(MaxConcurrentRuns)) await Task.WhenAll(runs.Select(run => AdmitAsync(run.Run, run.Events)));
    }

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamFailed(ex, _tenant);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<long>> FindMissingAsync(IReadOnlyList<RunHead> heads)
    {
        if (heads.Count > IRunEventLog.MaxHeads) throw new InvalidInputException("heads", $"must be {IRunEventLog.MaxHeads} at most, not {heads.Count}.");
        var missing = new List<long>(heads.Count);
        foreach (var some in heads.Chunk(MaxConcurrentRuns)) missing.AddRange(await Task.WhenAll(some.Select(FindMissingAsync)));
        return missing;
    }

    public async Task<AuditedRun?> ReadAsync(string run, long fromSeq)
    {
        if (fromSeq < 0) throw new InvalidInputException("fromSeq", "must not be negative.");
        var state = await _index.FindAsync(run);
        if (state is { Next: 0, Parked: [] }) return null;
        var hashes = await _index.ReadHashesAsync(run, state, fromSeq, IAuditGrain.MaxHashes);
        return new AuditedRun(run, state.Next, state.IsWhole, state.Parked.Length, state.Conflicts, hashes);
    }

    private async Task<long> FindMissingAsync(RunHead head) => (await _index.FindAsync(head.Run)).Next;

    private async Task AdmitAsync(string run, List<RunEvent> events)
    {
        var change = await _index.AdmitAsync(run, events);
        instruments.Left(change.Left);
        if (change.Conflicts.Count == 0) return;
        instruments.Conflicting(change.Conflicts.Count);
        foreach (var seq in change.Conflicts) LogConflict(_tenant, run, seq);
    }

    [LoggerMessage(1, LogLevel.Critical, "Tenant {Tenant}: record {Seq} of run {Run} arrived with another header than the one in the audit index. The index keeps what it has; somebody changed the journal or sends forged events.")]
    private partial void LogConflict(TenantId tenant, string run, long seq);

    [LoggerMessage(2, LogLevel.Warning, "The stream of events of tenant {Tenant} failed; what is missing comes again.")]
    private partial void LogStreamFailed(Exception failure, TenantId tenant);
}
