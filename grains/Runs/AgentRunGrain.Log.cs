using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs;

internal sealed partial class AgentRunGrain
{
    [LoggerMessage(1, LogLevel.Error, "Run {Run} cannot be driven for now; it goes on from its journal later.")]
    private partial void LogFault(Exception fault, RunKey run);

    [LoggerMessage(2, LogLevel.Warning, "Run {Run} could not be left to another silo; the poller takes it up.")]
    private partial void LogNotReleased(Exception fault, RunKey run);
}
