using AgentRuntime.Common;
using Microsoft.Extensions.Logging.Console;

namespace AgentRuntime.Hosting;

/// <summary>Logs go to stderr; stdout belongs to what the command says.</summary>
internal static class SiloLogging
{
    /// <summary>Setting that chooses how lines are written: <c>text</c> (default), or <c>json</c> with tenant, agent, run and trace ids as fields.</summary>
    public const string FormatKey = "Logging:Format";

    /// <exception cref="AgentRuntimeException">InvalidArgument: there is no such format.</exception>
    public static void Configure(ILoggingBuilder logging, IConfiguration settings)
    {
        logging.ClearProviders();
        switch (settings[FormatKey])
        {
            case null or "" or "text":
                logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.TimestampFormat = "HH:mm:ss.fff ";
                    console.ColorBehavior = LoggerColorBehavior.Disabled;
                });
                break;
            case "json":
                logging.AddJsonConsole(console =>
                {
                    console.IncludeScopes = true;
                    console.UseUtcTimestamp = true;
                    console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                });
                break;
            case var other:
                throw new AgentRuntimeException(ErrorCode.InvalidArgument, $"{FormatKey} is '{other}'; set it to text or json.");
        }

        logging.Services.AddSingleton(ShownScopes.Of);
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
