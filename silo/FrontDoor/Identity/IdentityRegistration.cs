using AgentRuntime.FrontDoor.Identity.Issuers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Registers who vouches for callers.</summary>
internal static class IdentityRegistration
{
    /// <summary>The configured issuers, or where there is none the development issuer, whose key file is made if it is not there.</summary>
    public static void AddIdentity(this IServiceCollection services, FrontDoorPlace place, IReadOnlyList<TrustedIssuer> issuers)
    {
        services.TryAddSingleton<TokenAuthenticator>();
        services.TryAddSingleton<VerifiedTokens>();
        services.TryAddSingleton(issuers);
        if (issuers.Count == 0)
        {
            services.TryAddSingleton(DevIssuer.Open(Path.Combine(place.DataFolder, "keys"), place.ClusterId));
            services.TryAddSingleton<ITokenReader, DevTokenReader>();
            return;
        }

        services.TryAddSingleton<IssuerDocuments>();
        services.TryAddSingleton<IssuerTokenReader>();
        services.TryAddSingleton<ITokenReader>(provider => provider.GetRequiredService<IssuerTokenReader>());
    }
}
