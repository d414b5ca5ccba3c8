using AgentRuntime.Common;
using AgentRuntime.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AgentRuntime.Slo;

/// <summary>Counts what the tenant's stream of events brings. A batch is done when it is counted durably.</summary>
[ImplicitStreamSubscription(EventStreams.Namespace)]
internal sealed partial class SloGrain(
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage, TimeProvider time, ILogger<SloGrain> log)
    : Grain, ISloGrain, IStreamSubscriptionObserver, IAsyncObserver<EventBatch>
{
    private TenantId _tenant;
    private SloLedger _ledger = null!;
    private bool _isBroken;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = SloGrainKey.Parse(this.GetPrimaryKeyString());
        _ledger = new SloLedger(new NamedStates(storage, this.GetGrainId()), time);
        await _ledger.LoadAsync();
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventBatch>().ResumeAsync(this);

    public async Task OnNextAsync(EventBatch item, StreamSequenceToken? token = null)
    {
        EventBatchRules.Require(item, _tenant);
        RequireWhole();
        try
        {
            await _ledger.AdmitAsync(item);
        }
        catch
        {
            // Nobody knows what the store holds by now: the next activation reads it.
            _isBroken = true;
            DeactivateOnIdle();
            throw;
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamFailed(ex, _tenant);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<long>> FindMissingAsync(IReadOnlyList<RunHead> heads)
    {
        if (heads.Count > IRunEventLog.MaxHeads) throw new InvalidInputException("heads", $"must be {IRunEventLog.MaxHeads} at most, not {heads.Count}.");
        RequireWhole();
        return Task.FromResult<IReadOnlyList<long>>(heads.Select(_ledger.Counts.FindMissing).ToArray());
    }

    public Task<IReadOnlyList<MinuteCounts>> GetMinutesAsync()
    {
        RequireWhole();
        return Task.FromResult<IReadOnlyList<MinuteCounts>>(_ledger.Counts.ToView(time.GetUtcNow()).ToArray());
    }

    private void RequireWhole()
    {
        if (_isBroken) throw new AgentRuntimeException(ErrorCode.Unavailable, $"The counts of tenant {_tenant} are being read again. Try again.", isTransient: true);
    }

    [LoggerMessage(1, LogLevel.Warning, "The stream of events of tenant {Tenant} failed; what is missing comes again.")]
    private partial void LogStreamFailed(Exception failure, TenantId tenant);
}
