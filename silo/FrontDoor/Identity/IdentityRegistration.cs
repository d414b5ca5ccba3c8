using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.Identity.Issuers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Registers who vouches for callers.</summary>
internal static class IdentityRegistration
{
    /// <summary>
    /// The configured issuers and roles of AWS, or where there is none the development issuer, whose key file is made if it is not there. With roles of AWS the
    /// host registers <see cref="IUsedProofs"/> and <see cref="SessionKey"/>.
    /// </summary>
    public static void AddIdentity(this IServiceCollection services, FrontDoorPlace place, IReadOnlyList<TrustedIssuer> issuers, AwsPrincipals principals)
    {
        if (principals.Count > 0) services.AddAwsCallers(principals);
        services.TryAddSingleton<TokenAuthenticator>();
        services.TryAddSingleton<VerifiedTokens>();
        services.TryAddSingleton(issuers);
        if (issuers.Count == 0 && principals.Count == 0)
        {
            services.TryAddSingleton(DevIssuer.Open(Path.Combine(place.DataFolder, "keys"), place.ClusterId));
            services.TryAddSingleton<ITokenReader, DevTokenReader>();
            return;
        }

        services.TryAddSingleton<IssuerDocuments>();
        services.TryAddSingleton<IssuerTokenReader>();
        services.TryAddSingleton<ITokenReader>(provider => provider.GetRequiredService<IssuerTokenReader>());
    }

    private static void AddAwsCallers(this IServiceCollection services, AwsPrincipals principals)
    {
        services.TryAddSingleton(principals);
        services.TryAddSingleton<StsRequests>();
        services.TryAddSingleton<ProofInstruments>();
        services.TryAddSingleton<AwsProofReader>();
        services.TryAddSingleton<SessionTokens>();
        services.TryAddSingleton<AwsCallers>();
    }
}
