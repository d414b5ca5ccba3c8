using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Driving;

internal sealed partial class RunDriver
{
    [LoggerMessage(1, LogLevel.Warning, "Run {Run} cannot be served by this silo and looks again later: {Reason}")]
    private partial void LogUnserved(RunKey run, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Run {Run} takes no step while nobody can say whether its tenant may work: {Reason}")]
    private partial void LogTenantUnknown(RunKey run, string reason);

    [LoggerMessage(3, LogLevel.Error, "Run {Run} failed: it met the same fault {Faults} times without getting further, trace {TraceId}.")]
    private partial void LogGivenUp(RunKey run, int faults, string traceId);
}
