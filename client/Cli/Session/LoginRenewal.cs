using AgentRuntime.Cli.Output;

namespace AgentRuntime.Cli.Session;

/// <summary>
/// The token of a login, kept good. All agentctl of a person share one login, and its issuer may take each refresh token once only: one process renews
/// it at a time, the others take what that one stored. A login that is made meanwhile is not touched.
/// </summary>
internal sealed class LoginRenewal(OidcLogin login, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    // Longer than the issuer is given for its answers.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private volatile OidcLogin _now = login;

    /// <exception cref="CliException">The login has ended, or nobody renews it in time.</exception>
    public async ValueTask<string> TokenAsync(CancellationToken cancellation)
    {
        if (IsGood(_now)) return _now.Token;
        using var turn = await FileLock.TakeAsync($"{LoginFile.Path}.renewing", Patience, time, cancellation);
        if (FindStored() is { } stored) _now = stored;
        if (!IsGood(_now)) _now = await Interruption.HoldOffAsync(RenewAsync);
        return _now.Token;
    }

    // Not to be cancelled, nor ended by a signal: what the issuer answers is the only one that it takes from here on.
    private async Task<OidcLogin> RenewAsync()
    {
        var before = _now;
        using var issuer = new OidcIssuer(before.Issuer, time);
        try
        {
            var renewed = await issuer.RefreshAsync(before, CancellationToken.None);
            await StoreAsync(before, renewed);
            return renewed;
        }
        catch (CliException) when (FindStored() is { } other && other != before && IsGood(other))
        {
            // The person has logged in anew, which may end the login before.
            return other;
        }
    }

    private async Task StoreAsync(OidcLogin before, OidcLogin renewed)
    {
        try
        {
            await LoginFile.ReplaceAsync(before, renewed, time, CancellationToken.None);
        }
        catch (Exception fault) when (fault is CliException or IOException or UnauthorizedAccessException)
        {
            // The token is good all the same.
            await Console.Error.WriteLineAsync($"warning: the renewed login is not stored, log in again before the next command: {Safe.Text(fault.Message)}");
        }
    }

    /// <summary>What is stored, if it is a login of the same person.</summary>
    private OidcLogin? FindStored() =>
        LoginFile.Read()?.Oidc is { } stored && (stored.Issuer, stored.ClientId, PersonOf(stored)) == (_now.Issuer, _now.ClientId, PersonOf(_now)) ? stored : null;

    private static string? PersonOf(OidcLogin login) => TokenText.Read(login.Token)?.Subject;

    private bool IsGood(OidcLogin login) => login.ExpiresAt - time.GetUtcNow() > Margin;
}
