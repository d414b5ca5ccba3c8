using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity;

public sealed class VerifiedTokensTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Now);
    private readonly CountingReader _reader = new();

    [Fact]
    public async Task SameToken_IsCheckedOnceInItsTime()
    {
        var verified = new VerifiedTokens(_reader, _time);
        var first = await verified.ReadAsync("a");
        Assert.Same(first, await verified.ReadAsync("a"));
        Assert.Equal("b", (await verified.ReadAsync("b")).Principal.Subject);
        Assert.Equal(2, _reader.Checked);

        _time.Advance(VerifiedTokens.MaxAge);
        await verified.ReadAsync("a");
        Assert.Equal(3, _reader.Checked);
    }

    [Fact]
    public async Task TokenThatEnds_IsCheckedAgainThen()
    {
        var verified = new VerifiedTokens(_reader, _time);
        _reader.Expires = Now.AddSeconds(5);
        await verified.ReadAsync("a");
        _time.Advance(TimeSpan.FromSeconds(5));
        _reader.Refuses = true;
        await Assert.ThrowsAsync<AgentRuntimeException>(async () => await verified.ReadAsync("a"));
    }

    [Fact]
    public async Task RefusedToken_IsNotRemembered()
    {
        var verified = new VerifiedTokens(_reader, _time);
        _reader.Refuses = true;
        await Assert.ThrowsAsync<AgentRuntimeException>(async () => await verified.ReadAsync("a"));
        _reader.Refuses = false;
        Assert.Equal("a", (await verified.ReadAsync("a")).Principal.Subject);
        Assert.Equal(2, _reader.Checked);
    }

    [Fact]
    public async Task ManyTokens_AreForgottenInTime()
    {
        var verified = new VerifiedTokens(_reader, _time);
        for (var i = 0; i <= VerifiedTokens.MaxTokens; i++) await verified.ReadAsync($"{i}");
        await verified.ReadAsync("0");
        Assert.Equal(VerifiedTokens.MaxTokens + 2, _reader.Checked);
    }

    private sealed class CountingReader : ITokenReader
    {
        public bool IsForLoopback => false;

        public int Checked { get; private set; }

        public bool Refuses { get; set; }

        public DateTimeOffset Expires { get; set; } = Now.AddHours(1);

        public Task<Caller> ReadAsync(string token)
        {
            Checked++;
            if (Refuses) throw new AgentRuntimeException(ErrorCode.Unauthenticated, "credential: refused.");
            return Task.FromResult(new Caller(new Principal("urn:test", token, null, TenantId.Parse("acme"), [Roles.Agent], Now), Expires));
        }
    }
}
