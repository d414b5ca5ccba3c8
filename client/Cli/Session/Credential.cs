using System.Globalization;

namespace AgentRuntime.Cli.Session;

/// <summary>Who a command speaks as and how it proves it.</summary>
/// <param name="Tenant">The tenant; null where it speaks for none, or does not know for which.</param>
/// <param name="DataFolder">Full path of the data folder where a silo may have left its address; null where that is not to be believed.</param>
/// <param name="Source">Where this is known from, for people.</param>
internal abstract record Credential(string? Tenant, string? DataFolder, string Source)
{
    /// <summary>The address that it is remembered for; null where there is none.</summary>
    public virtual string? Endpoint => null;

    /// <summary>A token that is good now.</summary>
    /// <exception cref="CliException">There is none; the message says what to do.</exception>
    public abstract ValueTask<string> TokenAsync(CancellationToken cancellation);
}

/// <summary>Signs development tokens itself, good on loopback only.</summary>
internal sealed record DevCredential(Login Login, string Source) : Credential(Login.Tenant, Login.DataFolder, Source)
{
    public override ValueTask<string> TokenAsync(CancellationToken cancellation) => ValueTask.FromResult(DevToken.Sign(Login, TimeProvider.System));
}

/// <summary>A token that somebody else obtained.</summary>
internal sealed record GivenCredential(string Token, string? Tenant, string? DataFolder) : Credential(Tenant, DataFolder, "AGENTRT_TOKEN")
{
    public override ValueTask<string> TokenAsync(CancellationToken cancellation) => ValueTask.FromResult(Token);
}

/// <summary>What a person was given by an OpenID Connect issuer, renewed where the issuer allows it.</summary>
internal sealed record OidcCredential(OidcLogin Login, string? Tenant, string? DataFolder)
    : Credential(Tenant, DataFolder, string.Create(CultureInfo.InvariantCulture, $"login at {Login.Issuer}"))
{
    private readonly LoginRenewal _renewal = new(Login, TimeProvider.System);

    public override string? Endpoint => Login.Endpoint;

    public override ValueTask<string> TokenAsync(CancellationToken cancellation) => _renewal.TokenAsync(cancellation);
}
