using AgentRuntime.FrontDoor.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.RedTeam.Plants;

/// <summary>Holes that a campaign must find. They are made in the test's own hosts; the product has no switch for them.</summary>
internal static class Plant
{
    /// <summary>Believes any token, whoever signed it.</summary>
    public const string Gullible = "gullible";

    /// <summary>Takes every caller for one with all roles.</summary>
    public const string RoleBlind = "role-blind";

    /// <summary>Hears no tenant in the metadata.</summary>
    public const string MetadataDeaf = "metadata-deaf";

    /// <summary>Takes every host for its own.</summary>
    public const string AnyHost = "any-host";

    public static IReadOnlyList<string> All { get; } = [Gullible, RoleBlind, MetadataDeaf, AnyHost];

    public static void Make(string? plant, IServiceCollection services)
    {
        switch (plant)
        {
            case Gullible: services.AddSingleton<ITokenReader, GullibleReader>(); break;
            case RoleBlind: Wrap(services, reader => new RoleBlindReader(reader)); break;
            case MetadataDeaf: Before(services, http => http.Headers.Remove("x-agentruntime-tenant")); break;
            case AnyHost: Before(services, http => http.Host = new("localhost")); break;
        }
    }

    private static void Wrap(IServiceCollection services, Func<ITokenReader, ITokenReader> wrap)
    {
        var present = services.Last(service => service.ServiceType == typeof(ITokenReader));
        services.AddSingleton(provider => wrap((ITokenReader)(present.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, present.ImplementationType!))));
    }

    private static void Before(IServiceCollection services, Action<Microsoft.AspNetCore.Http.HttpRequest> change) => services.AddSingleton<IStartupFilter>(new ChangedRequests(change));
}
