using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.FrontDoor.Admission;

internal static class AdmissionRegistration
{
    public static IServiceCollection AddCallAdmission(this IServiceCollection services)
    {
        services.TryAddSingleton<Errors.CallFaults>();
        services.TryAddSingleton<HealthWatches>();
        services.TryAddSingleton<MessageTime>();
        services.TryAddSingleton<GrpcMessages>();
        services.TryAddSingleton<CallAdmission>();
        return services;
    }

    /// <summary>Refuses calls of those who may not make them. Comes before all that reads a message.</summary>
    public static void UseCallAdmission(this WebApplication app)
    {
        var admission = app.Services.GetRequiredService<CallAdmission>();
        app.Use(next => http => admission.InvokeAsync(http, next));
    }
}
