using AgentRuntime.Embedded.Folder;
using AgentRuntime.FrontDoor.Listening;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Client.Embedded;

/// <summary>
/// The silo within the program: a host of its own, so that neither sees the other's services, settings or endpoints. It starts and stops with the program.
/// </summary>
internal sealed partial class EmbeddedSilo(
    AgentRuntimeSetup setup, EmbeddedRuntime runtime, IServiceProvider host, TimeProvider clock, ILoggerFactory logs) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>The section of the program's configuration whose keys are those of the silo.</summary>
    private const string SectionName = "AgentRuntime";

    private readonly ILogger<EmbeddedSilo> _log = logs.CreateLogger<EmbeddedSilo>();
    private WebApplication? _app;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            setup.Tools.RequireServices(host);
            var builder = await CreateBuilderAsync(host.GetRequiredService<IConfiguration>().GetSection(SectionName), cancellationToken);
            _app = builder.BuildSilo();
            await _app.StartAsync(cancellationToken);
            await OpenAsync(_app.Services);
        }
        catch (Exception fault)
        {
            runtime.Failed(fault);
            throw;
        }

        _app.Lifetime.ApplicationStopping.Register(host.GetRequiredService<IHostApplicationLifetime>().StopApplication);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before anything of the program stops: a web server, for one, waits for its requests, and those that watch a run would make it wait for the run.
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        runtime.Ends();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<WebApplicationBuilder> CreateBuilderAsync(IConfigurationSection section, CancellationToken cancellation)
    {
        var options = new SiloHostOptions();
        ModelSection.Bind(section.GetSection(SiloHostOptions.SectionName), options);
        setup.ApplyTo(options);
        var builder = await AgentRuntimeHost.CreateBuilderAsync(options, section, cancellation);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new HostLogs(logs));
        builder.Services.AddSingleton<IHostLifetime, HostLifetime>();
        builder.Services.AddSingleton(clock);
        runtime.Transport.AddTo(builder);
        setup.ApplyTo(builder.Services, host);
        return builder;
    }

    private async Task OpenAsync(IServiceProvider silo)
    {
        var folder = silo.GetRequiredService<DataFolder>();
        var identity = new HostIdentity(setup.Tenant, folder.Format.ClusterId, clock);
        await new Declaring(silo.GetRequiredService<IGrainFactory>(), identity, _log).ApplyAsync(setup);
        runtime.Serves(identity);
        LogServes(setup.Tenant.Value, silo.GetRequiredService<ListeningPlan>().At(silo.GetRequiredService<SiloPorts>().Grpc), folder.Path);
    }

    [LoggerMessage(1, LogLevel.Information, "The agent runtime serves tenant {Tenant} here and at {Address}; its data is in {Folder}.")]
    private partial void LogServes(string tenant, string address, string folder);
}
