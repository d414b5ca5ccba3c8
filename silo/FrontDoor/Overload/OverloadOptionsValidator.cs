using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Overload;

internal sealed class OverloadOptionsValidator : IValidateOptions<OverloadOptions>
{
    public ValidateOptionsResult Validate(string? name, OverloadOptions options)
    {
        var faults = new List<string>();
        Require(faults, nameof(options.ConcurrentCallsPerProcessor), options.ConcurrentCallsPerProcessor, 1, 4_096);
        Require(faults, nameof(options.WaitingCallsPerProcessor), options.WaitingCallsPerProcessor, 0, 4_096);
        Require(faults, nameof(options.MaxWaitMilliseconds), options.MaxWaitMilliseconds, 1, 60_000);
        Require(faults, nameof(options.MaxDrivenRuns), options.MaxDrivenRuns, 1, 10_000_000);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Require(List<string> faults, string key, int value, int min, int max)
    {
        if (value < min || value > max) faults.Add($"{OverloadOptions.SectionName}:{key} is {value}; set it to {min} to {max}.");
    }
}
