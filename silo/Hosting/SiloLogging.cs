using Microsoft.Extensions.Logging.Console;

namespace AgentRuntime.Hosting;

/// <summary>Logs go to stderr; stdout belongs to what the command says.</summary>
internal static class SiloLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("AgentRuntime", LogLevel.Information);

        // Its warnings tell what is normal here: workstation GC, a silo that left, a clock that was read late.
        logging.AddFilter("Orleans", LogLevel.Error);

        // It is asked from the first moment on, and who asks gets the answer.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // The command reports a failed start itself, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
