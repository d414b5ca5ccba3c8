using Microsoft.Extensions.Options;

namespace AgentRuntime.Hosting;

/// <summary>Names each number of a section that is out of range, and the fix.</summary>
internal sealed class RangeFaults(string section)
{
    private readonly List<string> _faults = [];

    public ValidateOptionsResult Result => _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);

    public RangeFaults Require(string key, int value, int min, int max)
    {
        if (value < min || value > max) _faults.Add($"{section}:{key} is {value}; set it to {min} to {max}.");
        return this;
    }
}
