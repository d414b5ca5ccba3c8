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
        if (DoorMethod.Of(context) is not { IsHealth: false } method) return next(context);
        if (!method.StartsRun || _driven.Count < _maxDriven) return PassAsync(context, method, next);
        _instruments.Refused(FrontDoorInstruments.Backlog);
        return Refusal.WriteAsync(context.Response, method);
    }

    private async Task PassAsync(HttpContext context, DoorMethod method, RequestDelegate next)
    {
        var caller = _shares.Of(context);
        var entry = await _gate.EnterAsync(caller, context.RequestAborted);
        if (entry != Entry.Granted)
        {
            _instruments.Refused(entry == Entry.Late ? FrontDoorInstruments.WaitedTooLong : FrontDoorInstruments.TooManyWait);
            await Refusal.WriteAsync(context.Response, method);
            return;
        }

        var place = new Place(_gate, caller);
        if (method.IsStream) context.Response.OnStarting(static held => ((Place)held).LeaveAsync(), place);
        try
        {
            await next(context);
        }
        finally
        {
            await place.LeaveAsync();
            _shares.Remember(context);
        }
    }

    /// <summary>A place inside, given back once: a stream has it only until it begins.</summary>
    private sealed class Place(FairGate gate, string caller)
    {
        private int _left;

        public Task LeaveAsync()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) gate.Leave(caller);
            return Task.CompletedTask;
        }
    }
}
