using AgentRuntime.Common.Telemetry;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Hosting;

/// <summary>Finds out whether any of the host's loggers shows scopes. The console says so in its settings; of others it is believed.</summary>
internal static class ShownScopes
{
    public static LogScopes Of(IServiceProvider services) =>
        new(services.GetServices<ILoggerProvider>().Any(provider => provider is not ConsoleLoggerProvider || AreOnConsole(services)));

    private static bool AreOnConsole(IServiceProvider services) => Settings<ConsoleLoggerOptions>(services).FormatterName switch
    {
        null or ConsoleFormatterNames.Simple => Settings<SimpleConsoleFormatterOptions>(services).IncludeScopes,
        ConsoleFormatterNames.Json => Settings<JsonConsoleFormatterOptions>(services).IncludeScopes,
        _ => true,
    };

    private static T Settings<T>(IServiceProvider services) => services.GetRequiredService<IOptionsMonitor<T>>().CurrentValue;
}
