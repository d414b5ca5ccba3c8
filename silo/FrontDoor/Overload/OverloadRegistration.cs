using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Overload;

internal static class OverloadRegistration
{
    /// <summary>Adds the protection and what the front door measures.</summary>
    public static IServiceCollection AddOverloadProtection(this IServiceCollection services)
    {
        services.AddOptions<OverloadOptions>().BindConfiguration(OverloadOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OverloadOptions>, OverloadOptionsValidator>());
        services.AddMetrics();
        services.TryAddSingleton<FrontDoorInstruments>();
        services.TryAddSingleton<CallerShares>();
        services.TryAddSingleton<OverloadProtection>();
        return services;
    }

    /// <summary>Measures all calls and refuses those that are too many. Comes before all that costs something.</summary>
    public static void UseOverloadProtection(this WebApplication app)
    {
        var instruments = app.Services.GetRequiredService<FrontDoorInstruments>();
        var protection = app.Services.GetRequiredService<OverloadProtection>();
        app.Use(next => context => instruments.MeasureAsync(context, next));
        app.Use(next => context => protection.InvokeAsync(context, next));
    }
}
