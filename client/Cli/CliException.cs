namespace AgentRuntime.Cli;

/// <summary>A failure that is told in one line: culprit and next step.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
