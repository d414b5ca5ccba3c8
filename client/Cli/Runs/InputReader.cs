using System.Security.Cryptography;

namespace AgentRuntime.Cli.Runs;

/// <summary>Input from an option, a file or stdin.</summary>
internal static class InputReader
{
    public static async Task<string> ReadAsync(string? text, string? file, CancellationToken cancellation) => (text, file) switch
    {
        ({ } given, null) => given,
        (null, "-") => await Console.In.ReadToEndAsync(cancellation),
        (null, { } path) when File.Exists(path) => await File.ReadAllTextAsync(path, cancellation),
        (null, { } path) => throw new CliException(ExitCode.Usage, $"--file {path}: is not there."),
        _ => throw new CliException(ExitCode.Usage, "give the input with either --input TEXT or --file PATH."),
    };

    public static string NewRequestId() => $"agentctl-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
}
