using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor;

public sealed class StoreHealthCheckTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_FolderThatTakesWrites_IsHealthyAndLeavesNothing()
    {
        Directory.CreateDirectory(_folder.Path);
        using var check = new StoreHealthCheck(new FrontDoorPlace(_folder.Path, "c", 0), _clock);
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(check));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Check_FolderThatIsGone_IsUnhealthy_AndAsksTheDiskOnlyNowAndThen()
    {
        using var check = new StoreHealthCheck(new FrontDoorPlace(_folder.Path, "c", 0), _clock);
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync(check));
        Directory.CreateDirectory(_folder.Path);
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync(check));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(check));
    }

    [Fact]
    public async Task Check_StoreElsewhereThatDoesNotAnswer_IsUnhealthy()
    {
        Directory.CreateDirectory(_folder.Path);
        var answers = false;
        using var check = new StoreHealthCheck(
            new FrontDoorPlace(_folder.Path, "c", 0), _clock, _ => answers ? Task.CompletedTask : throw new AgentRuntimeException(ErrorCode.Unavailable, "no answer", isTransient: true));
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync(check));
        answers = true;
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(check));
    }

    private static async Task<HealthStatus> StatusAsync(StoreHealthCheck check) =>
        (await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;
}
