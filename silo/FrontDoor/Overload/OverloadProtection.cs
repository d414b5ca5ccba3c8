using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Runs.Driving;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Overload;

/// <summary>Refuses what a silo cannot serve in time, before it costs anything, and fairly among tenants.</summary>
internal sealed class OverloadProtection
{
    private readonly FairGate _gate;
    private readonly CallerShares _shares;
    private readonly FrontDoorInstruments _instruments;
    private readonly DrivenRuns _driven;
    private readonly int _maxDriven;

    public OverloadProtection(IOptions<OverloadOptions> options, CallerShares shares, FrontDoorInstruments instruments, DrivenRuns driven, TimeProvider time)
    {
        var limits = options.Value;
        var processors = Environment.ProcessorCount;
        _gate = new FairGate(
            limits.ConcurrentCallsPerProcessor * processors, limits.WaitingCallsPerProcessor * processors, TimeSpan.FromMilliseconds(limits.MaxWaitMilliseconds), time);
        (_shares, _instruments, _driven, _maxDriven) = (shares, instruments, driven, limits.MaxDrivenRuns);
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (DoorMethod.Of(context) is not { IsOpenToAll: false } method) return next(context);
        if (!method.StartsRun || _driven.Count < _maxDriven) return PassAsync(context, method, next);
        _instruments.Refused(FrontDoorInstruments.Backlog);
        return Refusal.WriteAsync(context.Response, method);
    }

    /// <summary>Counts a call against whom its credential has turned out to speak for, from now on and when it comes again.</summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded: that one has all places that it may have.</exception>
    public void Settle(HttpContext context, Caller caller)
    {
        var lane = _shares.Remember(context, caller);
        if (context.Features.Get<GatePlace>() is not { } place || place.TryMoveTo(lane)) return;
        _instruments.Refused(FrontDoorInstruments.TooManyWait);
        throw new AgentRuntimeException(ErrorCode.LimitExceeded, "silo: has as many calls of this caller as it can serve; try again after the pause in RetryInfo.", isTransient: true);
    }

    private async Task PassAsync(HttpContext context, DoorMethod method, RequestDelegate next)
    {
        var lane = _shares.Of(context);
        var entry = await _gate.EnterAsync(lane, context.RequestAborted);
        if (entry != Entry.Granted)
        {
            _instruments.Refused(entry == Entry.Late ? FrontDoorInstruments.WaitedTooLong : FrontDoorInstruments.TooManyWait);
            await Refusal.WriteAsync(context.Response, method);
            return;
        }

        var place = new GatePlace(_gate, lane);
        context.Features.Set(place);
        if (method.IsStream) context.Response.OnStarting(static held => ((GatePlace)held).LeaveAsync(), place);
        try
        {
            await next(context);
        }
        finally
        {
            await place.LeaveAsync();
            _shares.ForgetRefused(context);
        }
    }
}
