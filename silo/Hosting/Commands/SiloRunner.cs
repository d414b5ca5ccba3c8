using System.CommandLine;
using System.Diagnostics;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Starts a silo, says so, and waits until it is told to stop. The same for every verb that serves.</summary>
internal static class SiloRunner
{
    /// <param name="options">The options that the verb took.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="configure">Adds what the verb needs to the host before it is built. Null for nothing.</param>
    /// <param name="afterStart">What the verb does once the silo serves; cancelled when the silo stops. Null for nothing.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        SiloOptionSet options,
        ParseResult parsed,
        Action<WebApplicationBuilder>? configure,
        Func<WebApplication, CancellationToken, Task>? afterStart,
        CancellationToken cancellation)
    {
        try
        {
            await ServeAsync(options.Read(parsed), options.Settings(parsed), new Announcement(options.Json(parsed)), configure, afterStart, cancellation);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (Exception failure)
        {
            var (code, line) = StartFailure.Describe(failure);
            await Console.Error.WriteLineAsync($"error: {line}");
            return code;
        }
    }

    private static async Task ServeAsync(
        SiloHostOptions options,
        IConfiguration settings,
        Announcement announcement,
        Action<WebApplicationBuilder>? configure,
        Func<WebApplication, CancellationToken, Task>? afterStart,
        CancellationToken cancellation)
    {
        var builder = await AgentRuntimeHost.CreateBuilderAsync(options, settings, cancellation);
        builder.Services.AddSingleton(announcement);
        builder.Services.AddHostedService<ClusterAnnouncer>();
        configure?.Invoke(builder);
        await using var app = builder.BuildSilo();
        await app.StartAsync(cancellation);
        announcement.Ready(app.Services, SinceProcessStart());
        var stopping = app.Lifetime.ApplicationStopping;
        stopping.Register(announcement.Stopping);
        if (afterStart is not null)
        {
            await afterStart(app, stopping);
        }

        await app.WaitForShutdownAsync(CancellationToken.None);
        announcement.Stopped();
    }

    private static TimeSpan SinceProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        return TimeProvider.System.GetLocalNow().DateTime - process.StartTime;
    }
}
