using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor;

internal sealed class FrontDoorOptionsValidator : IValidateOptions<FrontDoorOptions>
{
    public ValidateOptionsResult Validate(string? name, FrontDoorOptions options)
    {
        var faults = new List<string>();
        Require(faults, nameof(options.MaxUnarySeconds), options.MaxUnarySeconds, 1, 300);
        Require(faults, nameof(options.MaxWatchesPerTenant), options.MaxWatchesPerTenant, 1, 100_000);
        Require(faults, nameof(options.HeartbeatSeconds), options.HeartbeatSeconds, 1, 300);
        Require(faults, nameof(options.WatchPollMilliseconds), options.WatchPollMilliseconds, 10, 10_000);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Require(List<string> faults, string key, int value, int min, int max)
    {
        if (value < min || value > max) faults.Add($"{FrontDoorOptions.SectionName}:{key} is {value}; set it to {min} to {max}.");
    }
}
