using AgentRuntime.FrontDoor.Overload;

namespace AgentRuntime.Silo.Tests.FrontDoor.Overload;

public sealed class OverloadOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_Hold() => Assert.True(new OverloadOptionsValidator().Validate(null, new OverloadOptions()).Succeeded);

    [Fact]
    public void Validate_OutOfRange_NamesEachKeyAndRange()
    {
        var wrong = new OverloadOptions { ConcurrentCallsPerProcessor = 0, WaitingCallsPerProcessor = -1, MaxWaitMilliseconds = 0, MaxDrivenRuns = 0 };

        var faults = new OverloadOptionsValidator().Validate(null, wrong).Failures!.ToList();

        Assert.Equal(4, faults.Count);
        Assert.Contains("FrontDoor:Overload:ConcurrentCallsPerProcessor is 0; set it to 1 to 4096.", faults);
    }
}
