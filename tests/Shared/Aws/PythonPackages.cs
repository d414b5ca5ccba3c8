using System.ComponentModel;
using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>
/// A Python with the packages of <c>tests/Python/requirements.txt</c>: the machine's own where it has them, or else a virtual environment beside that file, made
/// when it is first needed.
/// </summary>
internal static partial class PythonPackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<(string? Python, string Reason)>> Found = new(SearchAsync);

    /// <summary>The program to run; null, and why, where there is none.</summary>
    public static Task<(string? Python, string Reason)> FindAsync() => Found.Value;

    private static async Task<(string? Python, string Reason)> SearchAsync()
    {
        var folder = Path.Combine(NodePackages.RepositoryRoot(), "tests", "Python");
        var requirements = Path.Combine(folder, "requirements.txt");
        var environment = Path.Combine(folder, ".venv");
        var own = Path.Combine(environment, "bin", "python3");
        var version = (await File.ReadAllTextAsync(requirements)).Trim().Split("==")[1];
        foreach (var python in new[] { "python3", own })
        {
            if (await RunAsync(python, "-c", $"import sys, moto.server; sys.exit(moto.__version__ != '{version}')") == 0) return (python, "");
        }

        if (await RunAsync("python3", "-m", "venv", environment) is not 0) return (null, "python3 is not on the PATH or makes no virtual environment, and moto needs it. Install Python 3.11 with venv.");
        return await RunAsync(own, "-m", "pip", "install", "--quiet", "--requirement", requirements) == 0
            ? (own, "")
            : (null, $"pip could not install tests/Python/requirements.txt: moto {version}.");
    }

    /// <summary>The exit code; null when there is no such program.</summary>
    private static async Task<int?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var deadline = new CancellationTokenSource(Patience);
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.StandardError.ReadToEndAsync(deadline.Token);
            await output;
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
