using AgentRuntime.Common;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Grains.Tests.Common;

public class RefreshedTests
{
    private readonly FakeTimeProvider _clock = new();
    private int _loads;
    private Func<string?> _answer = () => "first";

    [Fact]
    public async Task GetAsync_WithinASecond_AsksOnceAndAllocatesNothing()
    {
        var copy = Make();
        await copy.GetAsync("a", TestContext.Current.CancellationToken);
        await copy.GetAsync("a", TestContext.Current.CancellationToken);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) await copy.GetAsync("a", TestContext.Current.CancellationToken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1, _loads);
        Assert.InRange(allocated, 0, 512);
    }

    [Fact]
    public async Task GetAsync_AfterASecond_SeesTheChange()
    {
        var copy = Make();
        await copy.GetAsync("a", TestContext.Current.CancellationToken);
        _answer = () => "second";
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("second", await copy.GetAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetAsync_WhileOneRefreshes_OthersUseTheCopyUntilItIsTooOld()
    {
        var gate = new TaskCompletionSource<string?>();
        var loads = 0;
        var copy = new Refreshed<string, string>(_ => loads++ == 0 ? Task.FromResult<string?>("first") : gate.Task, _clock, 10);
        await copy.GetAsync("a", TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(1.1));

        var refreshing = copy.GetAsync("a", TestContext.Current.CancellationToken).AsTask();
        Assert.Equal("first", await copy.GetAsync("a", TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromSeconds(0.8));
        var late = copy.GetAsync("a", TestContext.Current.CancellationToken).AsTask();

        Assert.False(late.IsCompleted);
        gate.SetResult("second");
        Assert.Equal("second", await late);
        Assert.Equal("second", await refreshing);
    }

    [Fact]
    public async Task GetAsync_RefreshFails_FailsClosedOnceTheCopyIsTooOld()
    {
        var copy = Make();
        await copy.GetAsync("a", TestContext.Current.CancellationToken);
        _answer = () => throw new InvalidOperationException("down");
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal("first", await copy.GetAsync("a", TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromSeconds(0.8));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await copy.GetAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetAsync_Absent_IsAskedAgainAtOnce()
    {
        var copy = Make();
        _answer = () => null;
        Assert.Null(await copy.GetAsync("a", TestContext.Current.CancellationToken));
        _answer = () => "made";

        Assert.Equal("made", await copy.GetAsync("a", TestContext.Current.CancellationToken));
    }

    private Refreshed<string, string> Make() => new(
        _ =>
        {
            _loads++;
            return Task.FromResult(_answer());
        },
        _clock,
        10);
}
