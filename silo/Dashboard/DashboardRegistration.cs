using AgentRuntime.Dashboard.SignIn;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Dashboard;

namespace AgentRuntime.Dashboard;

/// <summary>Registers the dashboard of Orleans and what stands before it.</summary>
internal static class DashboardRegistration
{
    /// <summary>Adds the dashboard, without its stream of logs: they may name what tenants do.</summary>
    public static ISiloBuilder UseDashboard(this ISiloBuilder silo, DashboardPlan plan)
    {
        var loggers = silo.Services.Where(IsLogger).ToList();
        silo.AddDashboard(options => options.HideTrace = true);

        // Nor the logger that would hear every line for that stream, and every scope.
        foreach (var added in silo.Services.Where(IsLogger).Except(loggers).ToList()) silo.Services.Remove(added);
        silo.Services.TryAddSingleton(plan);
        silo.Services.TryAddSingleton<SealedText>();
        silo.Services.TryAddSingleton<DashboardCookie>();
        silo.Services.TryAddSingleton<DashboardGate>();
        silo.Services.TryAddSingleton<EntryCodes>();
        silo.Services.TryAddSingleton<DashboardEntrance>();
        if (plan.SignIn is { } client)
        {
            silo.Services.TryAddSingleton(client);
            silo.Services.TryAddSingleton<BrowserSignIn>();
        }

        return silo;
    }

    private static bool IsLogger(ServiceDescriptor service) => service.ServiceType == typeof(ILoggerProvider);

    /// <summary>Puts the gate before everything that is mapped.</summary>
    public static void UseDashboardGate(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<DashboardGate>();
        app.Use((http, next) => gate.GuardAsync(http, () => next(http)));
    }

    /// <summary>Maps the dashboard, its ways in, and the method that makes one.</summary>
    public static void MapDashboard(this WebApplication app)
    {
        app.MapOrleansDashboard(DashboardGate.Path);
        DashboardEntrance.Map(app);
        if (app.Services.GetService<BrowserSignIn>() is { } signIn) signIn.Map(app);
        app.MapGrpcService<DashboardApi>();
    }
}
