using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor;

public sealed class WatchSlotTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _call = new();
    private int _left;

    public void Dispose()
    {
        _stopping.Dispose();
        _call.Dispose();
    }

    [Fact]
    public async Task RunAsync_WhenTheCredentialEnds_TellsTheClientToComeBackWithANewOne()
    {
        using var slot = Enter();
        var watch = slot.RunAsync(Forever);
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.False(watch.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("credential", (await UnavailableAsync(watch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WhenTheSiloStops_TellsTheClientToGoElsewhere()
    {
        using var slot = Enter();
        var watch = slot.RunAsync(Forever);
        await _stopping.CancelAsync();
        Assert.Contains("silo stops", (await UnavailableAsync(watch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WhenTheClientLeaves_IsNoFailureOfTheServer()
    {
        using var slot = Enter();
        var watch = slot.RunAsync(Forever);
        await _call.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    [Fact]
    public void Dispose_GivesThePlaceBack()
    {
        Enter().Dispose();
        Assert.Equal(1, _left);
    }

    private static Task Forever(CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

    private static async Task<AgentRuntimeException> UnavailableAsync(Task watch)
    {
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => watch);
        Assert.Equal((ErrorCode.Unavailable, true), (fault.Code, fault.IsTransient));
        return fault;
    }

    private WatchSlot Enter() => new(() => _left++, TimeSpan.FromMinutes(15), _time, _stopping.Token, _call.Token);
}
