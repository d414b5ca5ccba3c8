namespace AgentRuntime.Cli;

/// <summary>What the process says with its exit code; told in --help.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Fault = 1;
    public const int Usage = 2;
    public const int NoServer = 3;
    public const int Refused = 4;
    public const int NotFound = 5;
    public const int Conflict = 6;
    public const int Limit = 7;
    public const int Broken = 8;
    public const int Interrupted = 130;

    public const string Help =
        "Exit codes: 0 done, 1 fault, 2 wrong input, 3 no server, 4 not allowed, 5 not found, 6 conflict with the present state, 7 limit reached, 8 a file was changed or cut off, 130 interrupted.";
}
