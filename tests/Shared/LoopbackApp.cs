using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Testing;

/// <summary>Small web servers of tests.</summary>
internal static class LoopbackApp
{
    /// <summary>An application for a port of loopback that logs nothing. Disposed, it ends at once, whatever calls it holds.</summary>
    /// <param name="port">Its port; 0 is any that is free.</param>
    /// <param name="configure">Adds services.</param>
    public static WebApplication Create(int port = 0, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        configure?.Invoke(builder.Services);
        return builder.Build();
    }
}
