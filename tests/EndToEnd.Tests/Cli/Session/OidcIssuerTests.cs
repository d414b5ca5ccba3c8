extern alias cli;

using AgentRuntime.EndToEnd.Tests.Client;
using cli::AgentRuntime.Cli;
using cli::AgentRuntime.Cli.Session;

namespace AgentRuntime.EndToEnd.Tests.Cli.Session;

/// <summary>How an issuer is asked whether a person has confirmed (RFC 8628, 3.5), on a clock that waits for nobody.</summary>
public sealed class OidcIssuerTests
{
    private readonly SkippingTime _time = new();

    [Fact]
    public async Task Login_ThatIsPending_AsksAtThePaceThatTheIssuerWants()
    {
        await LoginAsync(new ScriptedIssuer(7, 600, "authorization_pending", "slow_down", "authorization_pending", "slow_down", "token"));
        Assert.Equal([7, 7, 12, 12, 17], Waits);
    }

    [Fact]
    public async Task Login_OfAnIssuerThatNamesNoPace_AsksEachFiveSeconds()
    {
        await LoginAsync(new ScriptedIssuer(null, null, "authorization_pending", "token"));
        Assert.Equal([5, 5], Waits);
    }

    [Theory]
    [InlineData(ScriptedIssuer.Nothing)]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("200")]
    public async Task Login_PastAnOutage_AsksLessOftenWhileItLastsAndGoesOn(string outage)
    {
        var login = await LoginAsync(new ScriptedIssuer(5, 600, outage, outage, outage, outage, "authorization_pending", "token"));
        Assert.Equal(ScriptedIssuer.Token, login.Token);
        Assert.Equal([5, 10, 20, 30, 30, 5], Waits);
    }

    [Fact]
    public async Task Login_ThatNobodyConfirms_EndsWithItsCode()
    {
        var refused = await RefusedAsync(new ScriptedIssuer(5, 60, "authorization_pending"));
        Assert.Equal((ExitCode.Refused, 11), (refused.ExitCode, Waits.Count()));
        Assert.Contains("nobody confirmed the login in 1 minutes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WhoseCodeEndsInAnOutage_SaysWhatWasWrong()
    {
        var refused = await RefusedAsync(new ScriptedIssuer(5, 60, "authorization_pending", "503"));
        Assert.Equal(ExitCode.NoServer, refused.ExitCode);
        Assert.Contains("answers 503; try again later. The code has ended", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expired_token", "nobody confirmed")]
    [InlineData("access_denied", "access_denied")]
    public async Task Login_ThatTheIssuerEnds_EndsAtOnce(string error, string said)
    {
        var refused = await RefusedAsync(new ScriptedIssuer(5, 600, error));
        Assert.Equal((ExitCode.Refused, 1), (refused.ExitCode, Waits.Count()));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("503", ExitCode.NoServer, "answers 503")]
    [InlineData("invalid_grant", ExitCode.Refused, "run agentctl login")]
    public async Task Refresh_ThatFails_SaysWhetherTheLoginHasEnded(string answer, int exitCode, string said)
    {
        using var issuer = new OidcIssuer(ScriptedIssuer.Address, _time, new ScriptedIssuer(5, 600, answer));
        var login = new OidcLogin(ScriptedIssuer.Address, "agentctl", ScriptedIssuer.Token, "r1", _time.GetUtcNow(), null);
        var refused = await Assert.ThrowsAsync<CliException>(() => issuer.RefreshAsync(login, TestContext.Current.CancellationToken));
        Assert.Equal(exitCode, refused.ExitCode);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    private IEnumerable<double> Waits => _time.Waits.Select(wait => wait.TotalSeconds);

    private async Task<OidcLogin> LoginAsync(ScriptedIssuer connections)
    {
        using var issuer = new OidcIssuer(ScriptedIssuer.Address, _time, connections);
        return await issuer.LoginAsync("agentctl", "openid", audience: null, (_, _) => { }, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private Task<CliException> RefusedAsync(ScriptedIssuer connections) => Assert.ThrowsAsync<CliException>(() => LoginAsync(connections));
}
