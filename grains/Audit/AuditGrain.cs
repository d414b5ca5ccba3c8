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
    private TenantId _tenant;
    private AuditIndex _index = null!;
    private bool _isBroken;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = AuditGrainKey.Parse(this.GetPrimaryKeyString());
        _index = new AuditIndex(new NamedStates(storage, this.GetGrainId()));
        Report(await _index.LoadAsync(cancellationToken));
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventBatch>().ResumeAsync(this);

    public async Task OnNextAsync(EventBatch item, StreamSequenceToken? token = null)
    {
        EventBatchRules.Require(item, _tenant);
        Report(await UseAsync(() => _index.AdmitAsync(item, CancellationToken.None), isChange: true));
    }

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamFailed(ex, _tenant);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<long>> FindMissingAsync(IReadOnlyList<RunHead> heads)
    {
        if (heads.Count > IRunEventLog.MaxHeads) throw new InvalidInputException("heads", $"must be {IRunEventLog.MaxHeads} at most, not {heads.Count}.");
        return await UseAsync(() => _index.FindMissingAsync([.. heads.Select(static head => head.Run)], CancellationToken.None));
    }

    public async Task<AuditedRun?> ReadAsync(string run, long fromSeq)
    {
        if (fromSeq < 0) throw new InvalidInputException("fromSeq", "must not be negative.");
        if (!IdFormat.IsValid(run)) throw new InvalidInputException("run", "must be the id of a run.");
        var known = await UseAsync(() => _index.FindAsync(run, CancellationToken.None));
        var state = known.State;
        if (state is { Next: 0, Parked: [] }) return null;
        var hashes = await _index.ReadHashesAsync(run, known, fromSeq, IAuditGrain.MaxHashes);
        return new AuditedRun(run, state.Next, state.IsWhole, state.Parked.Length, state.Conflicts, hashes);
    }

    private async Task<T> UseAsync<T>(Func<Task<T>> use, bool isChange = false)
    {
        if (_isBroken) throw new AgentRuntimeException(ErrorCode.Unavailable, $"The audit index of tenant {_tenant} is being read again. Try again.", isTransient: true);
        try
        {
            return await use();
        }
        catch (Exception failure) when (isChange || failure is InconsistentStateException)
        {
            // Nobody knows what the store holds by now: the next activation reads it.
            _isBroken = true;
            DeactivateOnIdle();
            throw;
        }
    }

    private void Report(IEnumerable<AuditedChange> changes)
    {
        foreach (var (run, change) in changes)
        {
            instruments.Left(change.Left);
            if (change.Conflicts.Count == 0) continue;
            instruments.Conflicting(change.Conflicts.Count);
            foreach (var seq in change.Conflicts) LogConflict(_tenant, run, seq);
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "Tenant {Tenant}: record {Seq} of run {Run} arrived with another header than the one in the audit index. The index keeps what it has; somebody changed the journal or sends forged events.")]
    private partial void LogConflict(TenantId tenant, string run, long seq);

    [LoggerMessage(2, LogLevel.Warning, "The stream of events of tenant {Tenant} failed; what is missing comes again.")]
    private partial void LogStreamFailed(Exception failure, TenantId tenant);
}
