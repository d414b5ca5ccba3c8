using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>What an issuer publishes of itself (OpenID Connect Discovery 1.0, section 4).</summary>
internal static class IssuerMetadata
{
    private const string Path = "/.well-known/openid-configuration";

    /// <exception cref="HttpRequestException">It is not to be had.</exception>
    /// <exception cref="InvalidDataException">It is no such document, or another issuer's.</exception>
    public static async Task<OpenIdConnectConfiguration> ReadAsync(TrustedIssuer issuer, IssuerDocuments documents)
    {
        var text = await documents.GetAsync(new Uri(issuer.Authority!.TrimEnd('/') + Path));
        OpenIdConnectConfiguration read;
        try
        {
            read = OpenIdConnectConfiguration.Create(text);
        }
        catch (Exception fault) when (fault is ArgumentException or JsonException)
        {
            throw new InvalidDataException("Its configuration is no OpenID Connect document.", fault);
        }

        return read.Issuer == issuer.Name ? read : throw new InvalidDataException($"Its configuration is that of issuer '{Common.Shown.Text(read.Issuer ?? "")}'.");
    }
}
