using Microsoft.Extensions.Logging;

namespace AgentRuntime.Client.Embedded;

/// <summary>Hands what the silo logs to the loggers of the program.</summary>
internal sealed class HostLogs(ILoggerFactory host) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => host.CreateLogger(categoryName);

    public void Dispose()
    {
    }
}
