using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.Isolation;
using AgentRuntime.Testing;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Isolation;

public sealed class TenantSessionsTests : IAsyncLifetime
{
    private SessionDouble _aws = null!;
    private ServiceProvider _clients = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _aws = await SessionDouble.StartAsync();
        _clients = _aws.Clients();
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Requests_OfEachTenant_AreSignedWithItsOwnSessionAndNobodysWithTheProcessesOwn()
    {
        foreach (var partition in new[] { "T#acme#R#1", "T#beta#R#1", "O#1", "T#_host#G#1", "T#acme#R#2" }) await AskAsync(partition);

        Assert.Equal(["acme", "beta", SessionDouble.OwnKey, SessionDouble.OwnKey, "acme"], _aws.Signed.Select(each => each.Tenant));
        Assert.Equal(2, _aws.Begun.Count);
        var begun = _aws.Begun.First();
        Assert.Equal(
            ("AssumeRole", SessionDouble.Role, "acme", "3600", "tenant", "acme"),
            (begun["Action"], begun["RoleArn"], begun["RoleSessionName"], begun["DurationSeconds"], begun["Tags.member.1.Key"], begun["Tags.member.1.Value"]));
    }

    [Fact]
    public async Task Session_ManyAskForAtOnce_IsBegunOnce()
    {
        var gate = new TaskCompletionSource();
        _aws.Gate = gate.Task;
        var asked = Enumerable.Range(0, 50).Select(number => AskAsync($"T#acme#R#{number}")).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(!_aws.Begun.IsEmpty), "a session is asked for");
        gate.SetResult();
        await Task.WhenAll(asked);

        Assert.Single(_aws.Begun);
        Assert.Equal(50, _aws.Signed.Count);
    }

    [Fact]
    public async Task Session_BeforeItEnds_IsRenewedWhileTheOldOneIsUsed()
    {
        await AskAsync("T#acme#R#1");
        var gate = new TaskCompletionSource();
        _aws.Gate = gate.Task;
        _aws.Time.Advance(TimeSpan.FromMinutes(51));
        await AskAsync("T#acme#R#1");
        await AskAsync("T#acme#R#1");
        gate.SetResult();
        await Eventually.TrueAsync(
            async () =>
            {
                await AskAsync("T#acme#R#1");
                return _aws.Signed.Last().Key == "session2";
            },
            "the second session is used");

        Assert.Equal(2, _aws.Begun.Count);
        Assert.Equal(["session1", "session1", "session1"], _aws.Signed.Take(3).Select(each => each.Key));
    }

    [Fact]
    public async Task Session_ThatIsAboutToEnd_IsNotUsed()
    {
        await AskAsync("T#acme#R#1");
        _aws.Time.Advance(TimeSpan.FromMinutes(59));
        await AskAsync("T#acme#R#1");
        Assert.Equal(["session1", "session2"], _aws.Signed.Select(each => each.Key));
    }

    [Fact]
    public async Task Session_ThatIsRefused_FailsAsAnAnswerOfAwsThatIsNone()
    {
        _aws.IsClosed = true;
        var failure = await Assert.ThrowsAsync<NoTenantSessionException>(() => AskAsync("T#acme#R#1"));
        Assert.True(AwsFailures.IsOne(failure));
        Assert.Contains("acme (AccessDenied)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_aws.Signed);

        _aws.IsClosed = false;
        await Assert.ThrowsAsync<NoTenantSessionException>(() => AskAsync("T#acme#R#2"));
        Assert.Single(_aws.Begun);
        _aws.Time.Advance(TenantSession.ShortPause);
        await AskAsync("T#acme#R#1");
        Assert.Equal("acme", Assert.Single(_aws.Signed).Tenant);
    }

    [Fact]
    public async Task Session_ThatCannotBeRenewedYet_IsUsedAndAskedForSeldom()
    {
        await AskAsync("T#acme#R#1");
        _aws.IsClosed = true;
        _aws.Time.Advance(TimeSpan.FromMinutes(51));
        await AskAsync("T#acme#R#1");
        await Eventually.TrueAsync(
            async () =>
            {
                // The request for it may still be under way; each second of the clock asks for none.
                _aws.Time.Advance(TimeSpan.FromSeconds(1));
                await AskAsync("T#acme#R#1");
                return _aws.Begun.Count == 2;
            },
            "the renewal is refused");
        for (var second = 0; second < 20; second++) await AskAsync("T#acme#R#1");
        Assert.Equal(2, _aws.Begun.Count);
        Assert.All(_aws.Signed, each => Assert.Equal("session1", each.Key));
    }

    [Fact]
    public async Task Session_ThatWasEndedEarly_IsReplaced()
    {
        await AskAsync("T#acme#R#1");
        _aws.Ended = "session1";
        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => AskAsync("T#acme#R#1"));
        await AskAsync("T#acme#R#1");
        Assert.Equal("session2", _aws.Signed.Last().Key);
    }

    [Fact]
    public async Task Sessions_OfMoreTenantsThanAreKept_AreForgottenTheOldestFirst()
    {
        await AskAsync("T#first#1");
        _aws.Time.Advance(TimeSpan.FromSeconds(1));
        await Parallel.ForAsync(0, TenantSessions.MaxKept, Stop, async (number, _) => await AskAsync($"T#t{number}#1"));
        await AskAsync("T#t7#1");
        Assert.Equal(TenantSessions.MaxKept + 1, _aws.Begun.Count);
        await AskAsync("T#first#1");
        Assert.Equal(TenantSessions.MaxKept + 2, _aws.Begun.Count);
    }

    [Fact]
    public async Task Tenant_WhoseNameCannotBeATag_GetsNoSession()
    {
        await Assert.ThrowsAsync<ForeignTenantException>(() => AskAsync("T#a%2Fb#1"));
        Assert.Empty(_aws.Begun);
        await AskAsync($"T#{new string('a', 200)}#1");
        Assert.StartsWith("tenant-", _aws.Begun.Single()["RoleSessionName"], StringComparison.Ordinal);
    }

    private Task AskAsync(string partition) => _clients.GetRequiredService<IAmazonDynamoDB>().GetItemAsync(
        new GetItemRequest { TableName = "table", Key = new() { ["pk"] = new(partition), ["sk"] = new("-") } }, Stop);
}
