using AgentRuntime.Hosting;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Hosting;

/// <summary>A silo in this process, on free ports and a data folder of its own.</summary>
internal sealed class SiloInProcess : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    public Uri Grpc => new($"http://127.0.0.1:{Services.GetRequiredService<SiloPorts>().Grpc}");

    public Uri Http => new($"http://127.0.0.1:{Services.GetRequiredService<SiloPorts>().Http}");

    public string DataFolder => _folder.Path;

    /// <param name="configure">Adds to what it serves.</param>
    /// <param name="settings">All settings that there are; null takes those of the environment.</param>
    public async Task StartAsync(Action<WebApplicationBuilder>? configure = null, IDictionary<string, string?>? settings = null)
    {
        var builder = await AgentRuntimeHost.CreateBuilderAsync(
            new SiloHostOptions { DataFolder = _folder.Path, GrpcPort = 0, HttpPort = 0, SiloPort = 0 },
            settings is null ? null : new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
            CancellationToken.None);
        configure?.Invoke(builder);
        _app = builder.BuildSilo();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }
}
