using AgentRuntime.Common;
using AgentRuntime.Dashboard;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.Dashboard;

public sealed class EntryCodesTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly EntryCodes _codes;

    public EntryCodesTests() => _codes = new EntryCodes(_time);

    [Fact]
    public void Use_ACode_WorksOnce()
    {
        var (code, until) = _codes.Create("olga");
        Assert.Equal(_time.GetUtcNow() + EntryCodes.Lifetime, until);
        Assert.Equal("olga", _codes.Use(code));
        Assert.Null(_codes.Use(code));
        Assert.Null(_codes.Use(""));
    }

    [Fact]
    public void Use_AfterItsTime_IsRefused()
    {
        var (code, _) = _codes.Create("olga");
        _time.Advance(EntryCodes.Lifetime);
        Assert.Null(_codes.Use(code));
    }

    [Fact]
    public void Create_Many_IsBoundedUntilTheyEnd()
    {
        for (var i = 0; i < EntryCodes.MaxWaiting; i++) _codes.Create("olga");
        Assert.Equal(ErrorCode.LimitExceeded, Assert.Throws<AgentRuntimeException>(() => _codes.Create("olga")).Code);
        _time.Advance(EntryCodes.Lifetime);
        _codes.Create("olga");
    }
}
