using AgentRuntime.Hosting;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor;

internal sealed class FrontDoorOptionsValidator : IValidateOptions<FrontDoorOptions>
{
    public ValidateOptionsResult Validate(string? name, FrontDoorOptions options) => new RangeFaults(FrontDoorOptions.SectionName)
        .Require(nameof(options.MaxUnarySeconds), options.MaxUnarySeconds, 1, 300)
        .Require(nameof(options.MaxReceiveSeconds), options.MaxReceiveSeconds, 1, 300)
        .Require(nameof(options.MaxWatchesPerTenant), options.MaxWatchesPerTenant, 1, 100_000)
        .Require(nameof(options.MaxHealthWatches), options.MaxHealthWatches, 1, 100_000)
        .Require(nameof(options.MaxConnections), options.MaxConnections, 1, 1_000_000)
        .Require(nameof(options.HeartbeatSeconds), options.HeartbeatSeconds, 1, 300)
        .Require(nameof(options.MaxReadSeconds), options.MaxReadSeconds, 1, 300)
        .Require(nameof(options.WatchPollMilliseconds), options.WatchPollMilliseconds, 10, 10_000)
        .Result;
}
