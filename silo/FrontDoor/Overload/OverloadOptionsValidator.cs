using AgentRuntime.Hosting;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Overload;

internal sealed class OverloadOptionsValidator : IValidateOptions<OverloadOptions>
{
    public ValidateOptionsResult Validate(string? name, OverloadOptions options) => new RangeFaults(OverloadOptions.SectionName)
        .Require(nameof(options.ConcurrentCallsPerProcessor), options.ConcurrentCallsPerProcessor, 1, 4_096)
        .Require(nameof(options.WaitingCallsPerProcessor), options.WaitingCallsPerProcessor, 0, 4_096)
        .Require(nameof(options.MaxWaitMilliseconds), options.MaxWaitMilliseconds, 1, 60_000)
        .Require(nameof(options.MaxDrivenRuns), options.MaxDrivenRuns, 1, 10_000_000)
        .Result;
}
