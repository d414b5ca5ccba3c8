using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Events;
using AgentRuntime.AwsStore.StartQueue;
using AgentRuntime.Common;
using AgentRuntime.Dashboard;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Admission;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.Identity.Issuers;
using AgentRuntime.FrontDoor.Json;
using AgentRuntime.FrontDoor.Overload;
using AgentRuntime.FrontDoor.Listening;
using AgentRuntime.Mcp;
using AgentRuntime.Models;
using AgentRuntime.Models.OpenAI;
using AgentRuntime.Models.Recordings;
using AgentRuntime.Runs;
using AgentRuntime.Telemetry;
using AgentRuntime.Tenants;

namespace AgentRuntime.Hosting;

/// <summary>
/// A silo with everything that it serves. What comes from <see cref="CreateBuilderAsync(SiloHostOptions, CancellationToken)"/> is an ordinary builder: before it is built, a host
/// may add tools and models and decorate any port.
/// </summary>
internal static class AgentRuntimeHost
{
    /// <summary>Begins the name of each environment variable that is a setting, as in <c>AGENTRT_FrontDoor__HeartbeatSeconds</c>.</summary>
    public const string SettingPrefix = "AGENTRT_";

    /// <summary>Opens the data folder or finds the tables, takes a place in the cluster that lives there and registers everything.</summary>
    /// <exception cref="AgentRuntimeException">A setting is wrong, a port is busy, or the folder cannot be used.</exception>
    public static Task<WebApplicationBuilder> CreateBuilderAsync(SiloHostOptions options, CancellationToken cancellation = default) =>
        CreateBuilderAsync(options, settings: null, cancellation);

    /// <inheritdoc cref="CreateBuilderAsync(SiloHostOptions, CancellationToken)"/>
    /// <param name="options">Data folder and ports.</param>
    /// <param name="settings">All settings that there are; null takes those of the environment.</param>
    /// <param name="cancellation">Stops opening the folder.</param>
    public static async Task<WebApplicationBuilder> CreateBuilderAsync(SiloHostOptions options, IConfiguration? settings, CancellationToken cancellation)
    {
        SiloHostOptionsValidator.Require(options);
        var ports = SiloPorts.Require(options);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Configure(builder.Configuration, settings);
        var tenancy = ReadTenancy(builder.Configuration, options);
        var (issuers, principals) = ReadIdentity(builder.Configuration);
        var isVouchedFor = issuers.Count + principals.Count > 0;
        var listening = ReadListening(builder.Configuration, isVouchedFor);
        var dashboard = ReadDashboard(builder.Configuration, listening, issuers, ports.Http);
        var aws = options.Store == SiloHostOptions.AwsStore ? await AwsPlace.FindAsync(builder.Configuration, tenancy, isVouchedFor, cancellation) : null;
        aws?.RequireSame(options.ServiceId, options.ClusterId);
        var folder = await DataFolder.OpenAsync(
            options.DataFolder, aws?.Identity.ServiceId ?? options.ServiceId, aws?.Identity.ClusterId ?? options.ClusterId, TimeProvider.System, cancellation);
        var place = ClusterPlace.Of(options, ports, folder.Format.ClusterId, TimeProvider.System.GetUtcNow());
        if (aws is not null) builder.Services.AddAwsStore(aws, tenancy);
        else await builder.Services.AddEmbeddedStoreAsync(folder, ports.Silo, tenancy, cancellation);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton(ports);
        builder.Services.AddSingleton(place);

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.StopTimeoutSeconds));
        builder.Services.AddSingleton(listening);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => listening.Listen(kestrel, ports.Grpc, ports.Http));
        builder.Services.AddTenancy(tenancy);
        builder.Services.AddModels();
        builder.Services.AddOpenAIModels(builder.Configuration);
        builder.Services.AddRecordings(builder.Configuration);
        builder.Services.AddRuns();
        builder.Services.AddMcp();
        builder.Services.AddFrontDoor(new FrontDoorPlace(folder.Path, folder.Format.ClusterId, ports.Grpc, ports.Http), issuers, principals);
        builder.UseOrleans(silo =>
        {
            silo.UseAgentRuntimeSilo(folder.Format, place, tenancy).UseDashboard(dashboard);
            if (aws is not null) silo.UseAwsProviders(aws);
            else silo.UseEmbeddedProviders(tenancy);
            silo.UseEventBus(aws?.Options.EventBus);
        });
        if (aws?.StartQueue is { } queue) builder.AddStartQueue(queue);
        SiloLogging.Configure(builder.Logging, builder.Configuration);
        builder.AddTelemetry();
        return builder;
    }

    /// <summary>The data folder of a builder that was made here.</summary>
    public static DataFolder OpenedFolder(this WebApplicationBuilder builder) =>
        (DataFolder)builder.Services.Single(service => service.ServiceType == typeof(DataFolder)).ImplementationInstance!;

    /// <summary>Builds the host and maps what it serves.</summary>
    public static WebApplication BuildSilo(this WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.Services.GetService<ClusterSeat>();
        // Models that contradict each other end the start, not a run.
        app.Services.GetRequiredService<ModelRegistry>();
        app.UseKnownHosts();
        app.UseGrpcAlone();
        app.UseOverloadProtection();
        app.UseCallAdmission();
        app.UseJsonAdmission();
        app.UseCallLimit();
        app.UseDashboardGate();
        app.MapFrontDoor();
        app.MapDashboard();
        app.MapHealthChecks("/healthz");
        return app;
    }

    // A program that hosts a silo has settings of its own, its endpoints for one, which are not meant for the silo.
    private static void Configure(ConfigurationManager configuration, IConfiguration? settings)
    {
        if (settings is null)
        {
            configuration.AddEnvironmentVariables(SettingPrefix).AddTelemetryVariables();
            return;
        }

        configuration.Sources.Clear();
        configuration.AddConfiguration(settings);
        KnownSettings.Require(configuration);
    }

    /// <summary>How tenants are kept apart.</summary>
    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting is wrong.</exception>
    public static TenancyPlan ReadTenancy(IConfiguration configuration, SiloHostOptions options)
    {
        var tenancy = new TenancyOptions();
        ModelSection.Bind(configuration.GetSection(TenancyOptions.SectionName), tenancy);
        return TenancyPlan.Of(tenancy, options.Serves);
    }

    private static (IReadOnlyList<TrustedIssuer> Issuers, AwsPrincipals Principals) ReadIdentity(ConfigurationManager configuration)
    {
        var identity = new IdentityOptions();
        ModelSection.Bind(configuration.GetSection(IdentityOptions.SectionName), identity);
        return (TrustedIssuer.Read(identity), AwsPrincipals.Read(identity));
    }

    private static DashboardPlan ReadDashboard(ConfigurationManager configuration, ListeningPlan listening, IReadOnlyList<TrustedIssuer> issuers, int httpPort)
    {
        var dashboard = new DashboardSettings();
        ModelSection.Bind(configuration.GetSection(DashboardSettings.SectionName), dashboard);
        return DashboardPlan.Of(dashboard, listening, issuers, httpPort);
    }

    private static ListeningPlan ReadListening(ConfigurationManager configuration, bool hasIssuers)
    {
        var listening = new ListeningOptions();
        configuration.GetSection(ListeningOptions.SectionName).Bind(listening);
        return ListeningPlan.Of(listening, hasIssuers, TimeProvider.System.GetUtcNow());
    }
}
